// Package proof keeps the evidence that the engine holds: it files the history
// of every closed run among the documents, and seals a case once its root is
// closed and all its runs are filed.
//
// One leased loop does both, however many processes run it. It is fed by what
// the record says has ended, and by a sweep of what the engine says has ended,
// so that a run which was ended by hand is filed too. It may import workflows,
// activities and the pure packages, and knows Temporal's client.
package proof
