package proof

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gangway/internal/dossier"
)

// Result is what became of holding a record against the code, and its parts against
// one another.
type Result struct {
	// Release names the code that replayed.
	Release string `json:"release"`
	// Histories, in the order in which the journal names their runs.
	Histories []Replay `json:"histories"`
	// Differences between the histories and the journal, and between histories. They
	// need no code: whatever release recorded them, they say the same.
	Differences []Difference `json:"differences,omitempty"`
}

// Contradicted reports whether something says otherwise than something else.
func (r Result) Contradicted() bool {
	for _, h := range r.Histories {
		if h.Verdict == Differs {
			return true
		}
	}
	return len(r.Differences) > 0
}

// Whole reports whether every run that the journal names was replayed, and nothing
// contradicts anything.
func (r Result) Whole() bool {
	for _, h := range r.Histories {
		if h.Verdict != Replayed {
			return false
		}
	}
	return len(r.Histories) > 0 && len(r.Differences) == 0
}

// Verify replays the histories of a record through the code of this binary, which calls
// itself release, and compares what they say with that code, with the journal and with
// one another. lines are the journal's; open reads a history that it names.
//
// Verify trusts no history: one that is no history, that takes too long or that the
// engine's library stumbles over is not replayable. Errors are that ctx ended and what
// open could not read.
func Verify(ctx context.Context, release string, lines []dossier.Line, open func(dossier.Mention) (io.ReadCloser, error)) (Result, error) {
	result := Result{Release: release}
	var accounts []account
	var ties ties
	for _, m := range runsOf(lines) {
		r := Replay{Process: m.Process, Run: m.Run}
		switch {
		case m.Digest == "":
			result.Histories = append(result.Histories, r.not("its history is not in the record: it had not ended, or was not filed yet"))
			continue
		case m.Erased != nil:
			result.Histories = append(result.Histories, r.not("its history was erased by rule"))
			continue
		}
		text, err := readAll(m, open)
		if err != nil {
			return result, err
		}
		h, err := parse(text)
		var none unreadableError
		if errors.As(err, &none) {
			result.Histories = append(result.Histories, r.not(none.Error()))
			continue
		}
		a, found := accountOf(h, m.Process, m.Run)
		accounts = append(accounts, a)
		result.Differences = append(result.Differences, found...)
		ties.read(h, m.Process, m.Run)
		r = replayHistory(ctx, release, h, m.Process, m.Run)
		if ctx.Err() != nil {
			return result, ctx.Err()
		}
		result.Histories = append(result.Histories, r)
	}
	result.Differences = append(result.Differences, crossCheck(lines, accounts)...)
	result.Differences = append(result.Differences, ties.differences()...)
	return result, nil
}

func readAll(m dossier.Mention, open func(dossier.Mention) (io.ReadCloser, error)) ([]byte, error) {
	r, err := open(m)
	if err != nil {
		return nil, fmt.Errorf("opening the history of %s: %w", m.Process, err)
	}
	text, err := io.ReadAll(io.LimitReader(r, maxHistory))
	err = errors.Join(err, r.Close())
	if err != nil {
		return nil, fmt.Errorf("reading the history of %s: %w", m.Process, err)
	}
	return text, nil
}

// runsOf are the runs that the journal names, in the order in which it does: with their
// histories, or without a digest where none is filed.
func runsOf(lines []dossier.Line) []dossier.Mention {
	type key struct{ process, run string }
	filed := make(map[key]dossier.Mention)
	for _, m := range dossier.Mentions(lines) {
		if m.History {
			filed[key{m.Process, m.Run}] = m
		}
	}
	var all []dossier.Mention
	seen := make(map[key]bool)
	for _, l := range lines {
		k := key{l.Entry.Process, l.Entry.Run}
		if k.run == "" || seen[k] {
			continue
		}
		seen[k] = true
		m, there := filed[k]
		if !there {
			m = dossier.Mention{N: l.N, History: true, Process: k.process, Run: k.run}
		}
		all = append(all, m)
	}
	return all
}
