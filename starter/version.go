package main

import "gangway/internal/proof"

// built is what version says in JSON.
type built struct {
	Release string `json:"release"`
}

// version says which code this is.
func (s *session) version([]string) error {
	b := built{Release: proof.Release()}
	return s.printValue(b, func() { s.out.line("%s", b.Release) })
}
