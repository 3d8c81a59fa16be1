// Package review knows who must answer a question and when they have.
//
// A Request is what people are asked, free of any channel: a contract to sign
// off, a document to deliver, scores to give, a task to prove. A Policy says
// whose answers are needed: seats in groups, one group after the other. Judge
// and Apply are the only way an answer gets in: Judge says what an answer does
// to a request (or why it is refused) as a list of Facts, Apply folds a fact
// into the request. The workflow folds facts as they happen; the record folds
// the same facts again years later and must arrive at the same Tally.
//
// The package is pure: no clock, no random, no I/O, no maps whose order leaks,
// no interfaces. It may import engagement and calendar and nothing else of ours.
// Free text never lives in a Fact: only the digests of what was written.
package review
