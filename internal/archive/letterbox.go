package archive

// letterbox is the archive's tables of mail that comes in: arrivals, how far each
// mailbox was read, and which events of a mail provider were taken in. The mails
// themselves are documents; what became of one that belongs to a case goes into
// the case's chain in the same transaction.
type letterbox struct{ archive *Archive }
