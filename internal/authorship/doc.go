// Package authorship is who knows a repository: the authors of each file, how many of
// them would have to leave until it has none, and the directories that only the vendor's
// people know.
//
// The degree of authorship and its truck factor are those of Avelino, Passos, Hora and
// Valente, "A Novel Approach for Estimating Truck Factors" (2016, arXiv 1604.06766). It
// counts who wrote, not who understood: whoever only reviewed is no author.
//
// It is pure. Names, addresses and paths stand in it, so what it finds is kept as
// documents and never enters a payload.
package authorship
