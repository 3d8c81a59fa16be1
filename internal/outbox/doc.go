// Package outbox is what people are told by mail, from the moment that it is
// known until it is known to have left.
//
// A letter is a row before it is a mail: what was promised survives a crash, what
// may have left is never sent again blindly. Here are the letters, their states
// and the pure rules: which letters go out together, when a try is worth another,
// what an answer of a mail server means. Texts are written where they are sent,
// from the record as it is then.
//
// It is pure and may import the pure packages and nothing else of ours.
package outbox
