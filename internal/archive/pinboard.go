package archive

// pinboard is the archive's tables of what people see in a chat: postings, and the
// messages in which they stand. They are never evidence, and hold ids only: what
// a posting says is made from the record where it is posted.
type pinboard struct{ archive *Archive }
