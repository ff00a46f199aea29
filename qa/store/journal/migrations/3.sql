-- A checksum of each row, over the columns that it has now.
{adding}
