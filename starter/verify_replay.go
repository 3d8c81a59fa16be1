package main

import (
	"time"

	"gangway/internal/archive"
	"gangway/internal/proof"
)

// printVerified prints all that was found out.
func (s *session) printVerified(v verified) {
	s.printVerdict(v.Verdict)
	if v.Witness != nil {
		s.printWitness(*v.Witness)
	}
	if v.Replay != nil {
		s.printReplay(*v.Replay)
	}
}

func (s *session) printWitness(w archive.Witness) {
	seen := ""
	switch {
	case w.Journal && w.Register:
		seen = "the journal and the register"
	case w.Journal:
		seen = "the journal"
	case w.Register:
		seen = "the register alone: it is of " + w.Case
	default:
		seen = "nothing here: it is of " + w.Case
	}
	s.out.line("the witness signed %s by %s saw %s", w.SignedAt.Format(time.DateOnly), w.Fingerprint, seen)
	for _, f := range w.Findings {
		s.out.line("  wrong: %s", f)
	}
	if len(w.Findings) == 0 && (w.Journal || w.Register) {
		s.out.line("  what it saw is there")
	}
}

func (s *session) printReplay(r proof.Result) {
	done := 0
	for _, h := range r.Histories {
		if h.Verdict == proof.Replayed {
			done++
		}
	}
	s.out.line("%d of %s replayed by release %s", done, histories(len(r.Histories)), r.Release)
	for _, h := range r.Histories {
		switch h.Verdict {
		case proof.Replayed:
			continue
		case proof.Differs:
			s.out.line("  differs: %s, run %s", h.Process, h.Run)
		case proof.NotReplayable:
			s.out.line("  not replayable: %s, run %s: %s", h.Process, h.Run, h.Why)
		}
		for _, d := range h.Differences {
			s.out.line("    %s", d.String())
		}
	}
	for _, d := range r.Differences {
		s.out.line("  wrong: %s", d.String())
	}
}
