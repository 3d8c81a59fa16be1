// Package papers reads the documents that people send: what type they really are,
// whether they are safe to keep, and what text is in them.
//
// Whatever comes is a stranger's: sizes, nesting and unpacking are bounded before
// anything is parsed, declared sizes and names are believed nowhere, and what
// can't be read is said to be unreadable rather than guessed at. It may import
// the pure packages and nothing else of ours.
package papers
