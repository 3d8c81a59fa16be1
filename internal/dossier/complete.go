package dossier

import (
	"fmt"
	"slices"
	"strings"

	"gangway/internal/review"
)

// Complete returns what keeps a case from being sealed, each lack in words, in a
// fixed order; none when its dossier can hold all that it must: the case was
// opened and is closed, and every run of every process is filed. A process that
// never said that it ended is no obstacle: only closed runs are filed.
//
// With lines it also wants the history of every run that any entry names: after
// a reset the second run says so only there. Without them (nil) it answers from
// the view alone, and what it finds lacking is lacking.
func Complete(v CaseView, lines []Line) []string {
	var lacks []string
	add := func(format string, args ...any) {
		if text := fmt.Sprintf(format, args...); !slices.Contains(lacks, text) {
			lacks = append(lacks, text)
		}
	}
	if v.Opened.IsZero() {
		add("no entry says that the case was opened")
	}
	if v.State == Running || v.Closed.IsZero() {
		add("the case is not closed")
	}
	if len(v.Processes) == 0 {
		add("no process of the case is known")
	}
	filed := func(p ProcessView, run string) bool {
		return slices.ContainsFunc(p.Filed, func(f FiledHistory) bool { return f.Run == run })
	}
	for _, p := range v.Processes {
		if len(p.Runs) == 0 && len(p.Filed) == 0 {
			add("no run of %s is known", p.ID)
		}
		for _, run := range p.Runs {
			if !filed(p, run) {
				add("the history of %s, run %s, is not filed", p.ID, run)
			}
		}
	}
	for _, l := range lines {
		if e := l.Entry; e.Run != "" && !slices.ContainsFunc(v.Processes, func(p ProcessView) bool { return p.ID == e.Process && filed(p, e.Run) }) {
			add("the history of %s, run %s, is not filed", e.Process, e.Run)
		}
	}
	return lacks
}

// Mention is a document that a chain names, and that its dossier must hold
// unless it was erased by rule.
type Mention struct {
	Digest string
	N      int // the first line that names it
	// History: it is the history of Run of Process.
	History      bool
	Process, Run string
	// Erased is set when an entry after the last that names it says that the
	// document was erased.
	Erased *Erasure
}

// Mentions returns every document that the lines name, in the order of their
// first mention; a history once for each run it was filed for. What an erasure
// or an earlier seal names is not among them: the one is gone, the other is a
// dossier of its own.
func Mentions(lines []Line) []Mention {
	var all []Mention
	seen := make(map[Mention]bool)
	last := make(map[string]int)
	add := func(m Mention) {
		last[m.Digest] = m.N
		key := m
		key.N = 0
		if strings.TrimSpace(m.Digest) != "" && !seen[key] {
			seen[key] = true
			all = append(all, m)
		}
	}
	erased := make(map[string]Mention)
	for _, l := range lines {
		e := l.Entry
		switch {
		case e.Kind == Sealed:
		case e.Kind == Erased:
			if e.Detail != nil && e.Detail.Document != "" && !l.Conflict {
				erased[e.Detail.Document] = Mention{N: l.N, Erased: &Erasure{On: e.At, Rule: e.Detail.Rule}}
			}
		case e.Kind == HistoryFiled && e.Detail != nil:
			add(Mention{Digest: e.Detail.Document, N: l.N, History: true, Process: e.Process, Run: e.Run})
		default:
			for _, digest := range digestsIn(e) {
				add(Mention{Digest: digest, N: l.N})
			}
		}
	}
	for i := range all {
		if gone, ok := erased[all[i].Digest]; ok && gone.N > last[all[i].Digest] {
			all[i].Erased = gone.Erased
		}
	}
	return all
}

// digestsIn returns the digests of documents in an entry that is neither a
// history nor an erasure.
func digestsIn(e Entry) []string {
	var digests []string
	if e.Detail != nil {
		digests = append(digests, e.Detail.Document, e.Detail.ReadAs)
	}
	if e.Fact == nil {
		return digests
	}
	versions := func(vs []review.Version) {
		for _, v := range vs {
			digests = append(digests, v.Document)
		}
	}
	ballots := func(bs []review.Ballot) {
		for _, b := range bs {
			digests = append(digests, b.Documents...)
		}
	}
	if e.Fact.Version != nil {
		digests = append(digests, e.Fact.Version.Document)
	}
	if e.Fact.Ballot != nil {
		digests = append(digests, e.Fact.Ballot.Documents...)
	}
	if e.Fact.Opened != nil {
		versions(e.Fact.Opened.Versions)
		ballots(e.Fact.Opened.Ballots)
	}
	return digests
}
