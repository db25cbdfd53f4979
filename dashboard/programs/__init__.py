"""The door for programs: the reports over HTTP, and as tools of an assistant, with the permission of a person."""
