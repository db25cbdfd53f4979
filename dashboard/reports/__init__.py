"""What `report` prints, and the files a person downloads."""
