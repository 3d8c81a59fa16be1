package archive

// sortingroom is the archive's tables of answers on their way: those that were received
// and not delivered yet, and what people were told became of theirs. They are never
// evidence: what a process made of an answer stands in the journal.
type sortingroom struct{ archive *Archive }
