"""Digests: the numbers of the pages, sent by mail and by the robots of chats to who asked for them."""
