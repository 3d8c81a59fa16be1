package archive

// gatehouse is the archive's tables of who may come in: sessions, one-time links,
// tokens, tickets, and whose an address in a chat is. They are never evidence; what of them is, goes into the
// register in the same transaction. Secrets are kept by their digests, each is
// used or ended by one statement, and so two processes agree on who was first.
type gatehouse struct{ archive *Archive }
