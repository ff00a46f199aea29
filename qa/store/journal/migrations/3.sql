-- A checksum of each row, over the columns that it had by then.
{adding}
