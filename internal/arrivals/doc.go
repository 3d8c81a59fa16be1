// Package arrivals is what comes by mail: from its first byte, kept as evidence
// before anything is read, to the one outcome that each message has however often
// it is seen.
//
// It is pure and may import the pure packages and nothing else of ours.
package arrivals
