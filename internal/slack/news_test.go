package slack

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// constants are the values of a type's constants in files of another package.
func constants(t *testing.T, typ string, files ...string) []string {
	t.Helper()
	var all []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typed, ok := spec.Type.(*ast.Ident); !ok || typed.Name != typ {
				return true
			}
			word, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, word)
			return true
		})
	}
	return all
}

// TestEveryKindOfEntryIsSaidOrSilent fails when a kind is added of which nobody decided
// whether the thread below a board tells of it.
func TestEveryKindOfEntryIsSaidOrSilent(t *testing.T) {
	t.Parallel()
	kinds := constants(t, "Kind", "../dossier/entry.go", "../dossier/watching.go", "../dossier/exit.go")
	if len(kinds) < 48 {
		t.Fatalf("%d kinds were found: the test looks in the wrong place", len(kinds))
	}
	said := newsKinds()
	for _, word := range kinds {
		k := dossier.Kind(word)
		if silent := silence(k) != ""; silent == slices.Contains(said, k) {
			t.Errorf("the kind %s: it is silent: %v, it has a line: %v", k, silent, slices.Contains(said, k))
		}
	}
	for _, k := range said {
		if !slices.Contains(kinds, string(k)) {
			t.Errorf("there is no kind %s", k)
		}
		if len(newsLines()[k]) == 0 {
			t.Errorf("no line of the kind %s is tried", k)
		}
	}
}

// TestEveryFactOfARequestIsSaidOrSilent likewise: those that are said are by the
// request's state, as eventsOf, unlined and holds find them.
func TestEveryFactOfARequestIsSaidOrSilent(t *testing.T) {
	t.Parallel()
	const said = ""
	decided := map[review.FactKind]string{
		review.FactCounted: said, review.FactTakenBack: said, review.FactRecused: said, review.FactSeated: said, review.FactVersion: said, review.FactTold: said,
		review.FactClosed: said, review.FactHeld: said, review.FactResumed: said, review.FactAdded: said, review.FactRead: said,
		review.FactOpened: "the board lists it", review.FactGroup: "the board says who is waited for", review.FactDue: "the board shows the new date",
		review.FactRefused: "what was tried in vain is about one person", review.FactSnoozed: "when somebody is reminded is theirs",
		review.FactUnseated: "the board says who is waited for", review.FactLost: "whom a channel does not reach is the owner's to know",
		review.FactWaived: "its closing says so", review.FactSuperseded: "its closing says so",
		review.FactDeclared: "the line of their first answer said so", review.FactUndeclared: "the line of their next answer will say so",
	}
	kinds := constants(t, "FactKind", "../review/fact.go")
	for _, word := range kinds {
		if _, ok := decided[review.FactKind(word)]; !ok {
			t.Errorf("nobody decided whether the thread tells of the fact %s", word)
		}
	}
	if len(kinds) != len(decided) {
		t.Errorf("%d kinds of facts, %d decisions", len(kinds), len(decided))
	}
}

// newsLines are entries of each kind that has a line, by what it says.
func newsLines() map[dossier.Kind]map[string]dossier.Detail {
	day := time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	cover := &engagement.Expiry{ID: "i", Kind: engagement.ExpiryInsurance, Name: "cover"}
	return map[dossier.Kind]map[string]dossier.Detail{
		dossier.DPANeed:    {"📜 An agreement on data processing is needed": {Result: "needed"}, "📜 No agreement on data processing is needed": {Result: playbook.NotNeeded}},
		dossier.DPAInForce: {"📜 The agreement on data processing is in force until 1 March 2027": {Ends: day}, "📜 The agreement on data processing is in force": {}},
		dossier.PilotFrozen: {"🧪 The pilot begins. What it is judged by is fixed: 2 criteria and their weights were frozen, and 60 of 100 are needed": {Threshold: 60,
			Criteria: []engagement.Criterion{{ID: "a"}, {ID: "b"}}}},
		dossier.Milestone: {"📦 The milestone “First week” was delivered, 2 working hours late": {Step: "first-week", Result: dossier.MilestoneDelivered, Late: 120},
			"⏰ The milestone “First week” was due, and is not there": {Step: "first-week", Result: dossier.MilestoneOverdue},
			"❌ The milestone “First week” was never delivered":       {Step: "first-week", Result: dossier.MilestoneMissing}},
		dossier.NoticeGiven: {"🚪 Notice was given and arrived on 1 March 2027; the receipt is sha256꞉1": {Ends: day, Document: "sha256:1"},
			"🚪 Notice was given; the receipt is not filed": {}},
		dossier.GateReached:  {"🚪 Who comes after is live": {Result: "live"}, "🚪 The contract of who comes after is signed": {Result: "signed"}},
		dossier.WayBack:      {"🚪 The exit went back from the leg “cut over” to “transition”": {Name: "cut-over", Stage: "transition"}},
		dossier.NoReturn:     {"🚪 The point of no return was passed: from here on the exit is not called off": {}},
		dossier.FoundLater:   {"🚪 Something was found that nobody had handed over: asset-9": {Values: []string{"asset-9"}}},
		dossier.Certified:    {"🚪 Certificate 1 was signed: sha256:1; 2 backups are open and followed to their end": {Version: 1, Document: "sha256:1", Amount: 2}},
		dossier.ScoresOpened: {"📊 All have scored, and all points were opened at once: 72 of 100, where 60 are needed": {Score: 72, Threshold: 60}},
		dossier.PilotStopped: {"🛑 The pilot was stopped by its halfway decision": {Step: "halfway"}, "🛑 Olga stopped the pilot early": {}},
		dossier.Evidence: {"☑️ What was delivered for “Insurance” was accepted; it is good until 1 March 2027": {Step: "insurance", Result: playbook.EvidenceAccepted, Ends: day},
			"↪️ “Insurance” was waived until 1 March 2027":                      {Step: "insurance", Result: playbook.EvidenceWaived, Ends: day},
			"⌛ What stood for “Insurance” ran out, and is asked for again":      {Step: "insurance", Result: playbook.EvidenceRanOut, Ends: day},
			"➖ “Insurance” is not needed any more of a vendor such as this one": {Step: "insurance", Result: playbook.EvidenceNotNeeded}},
		dossier.RiskSigned: {"🖋️ The risk record was signed": {Document: "sha256:1"}},
		dossier.ClausesFound: {"🔎 Of the clauses “Gdpr 28”, version 2 has 2 that were looked for": {Step: "gdpr-28", Version: 2, Result: "found", Points: []string{"a", "b"}},
			"🔎 Of the clauses “Gdpr 28”, version 2 lacks 1; the case owner says what follows":         {Step: "gdpr-28", Version: 2, Result: "missing", Points: []string{"a"}},
			"🔎 Of the clauses “Gdpr 28”, version 2 lacks 1 that the vendor is asked for":              {Step: "gdpr-28", Version: 2, Result: "wanted", Points: []string{"a"}},
			"🔎 Of the clauses “Gdpr 28”, version 2 has other words for 1, which are looked for again": {Step: "gdpr-28", Version: 2, Result: "touched", Points: []string{"a"}},
			"": {Step: "gdpr-28", Version: 2, Result: "carried", Points: []string{"a"}}},
		dossier.ClauseWaived: {"↪️ The contract may do without 1 clause of “Dora” until 1 March 2027": {Step: "dora", Points: []string{"a"}, Ends: day}},
		dossier.CopyExecuted: {"🖋️ The signed copy says what was approved, clause by clause": {Result: "same"},
			"🖋️ The signed copy is not what was approved, or could not be compared; it was taken with a reason": {Result: "accepted"},
			"🖋️ The signed copy is not what was approved, or could not be compared; it was sent back":           {Result: "sent-back"}},
		dossier.AccessStands: {"🔑 Access to code (access) was given": {Name: "access", Result: "given", Values: []string{"access-1 hidden"}},
			"🔑 Access to code (access 2) is there still: somebody has to remove it": {Name: "access-2", Result: "found"}, "": {Name: "access", Result: "else"},
			"🔑 Access to code (access 2) is nobody's yet: the invitation was not accepted": {Name: "access-2", Result: "not-accepted"}},
		dossier.MeetingsSet: {"📅 The regular meetings were set; 2 people are invited": {Result: "invited", Values: []string{"hidden", "b"}},
			"📅 The regular meetings have changed; 1 person is invited": {Result: "changed", Values: []string{"hidden"}}, "📅 The regular meetings were cancelled": {Result: "cancelled"},
			"📅 The regular meetings could not be put into anybody's calendar": {Result: "none", Points: []string{"hidden"}}},
		dossier.HandedOver: {"👁️ From here on the vendor is watched over in case oversight/acme/1": {Parent: "oversight/acme/1"}},
		dossier.Lapsed: {"⌛ The insurance “cover” ran out, and nothing has taken its place": {Expiry: cover},
			"⌛ The insurance “cover” came to its end and went on by its own terms; nobody here decided that": {Expiry: cover, Result: "renewed-by-itself"}},
		dossier.NoticePassed:  {"⚠️ The last day for notice of the insurance “cover” passed without a decision": {Expiry: cover}},
		dossier.Escalated:     {"📣 Nobody has answered about the insurance “cover”: Olga is called": {Expiry: cover, Person: "olga"}, "📣 Nobody has answered about something that runs out": {}},
		dossier.NoticeDecided: {"⚖️ What becomes of the insurance “cover” was decided: to be renegotiated": {Expiry: cover, Result: "renegotiate"}},
		dossier.Begun:         {"▶️ diligence/acme/2 was begun because of the insurance “cover”": {Expiry: cover, Parent: "diligence/acme/2"}},
		dossier.Reported:      {"🏁 diligence/acme/2 came to its end: signed": {Parent: "diligence/acme/2", Result: "signed"}},
	}
}

// TestEachKindHasALine that is true, on one line, and says nothing of whose access it is,
// who is invited, or what could not be.
func TestEachKindHasALine(t *testing.T) {
	t.Parallel()
	s := scene{Case: dossier.CaseView{ID: theCase}, People: []playbook.Person{{ID: "olga", Name: "Olga"}}}
	for k, all := range newsLines() {
		for want, d := range all {
			got := s.news(dossier.Entry{ID: "p#1", Kind: k, Actor: "olga", Detail: &d}).text
			if words, _, _ := strings.Cut(got, ", <!date"); words != want || strings.Contains(got, "hidden") {
				t.Errorf("%s %s reads\n\t%s\nwant\n\t%s", k, d.Result, got, want)
			}
		}
	}
	s.Case.Rehearsal = true
	if got := s.news(dossier.Entry{Kind: dossier.RiskSigned, Detail: &dossier.Detail{}}).text; !strings.HasPrefix(got, "Rehearsal: ") {
		t.Errorf("in a rehearsal it reads %q", got)
	}
	for _, e := range []dossier.Entry{{Kind: dossier.CaseClosed, Detail: &dossier.Detail{Result: "live"}}, {Kind: dossier.RiskSigned}, {Kind: "else", Detail: &dossier.Detail{}}} {
		if m := s.news(e); m.text != "" || len(m.parts) > 0 {
			t.Errorf("%s says %q", e.Kind, m.text)
		}
	}
}

// TestAccessHasTheResultsOfTheReport: what the dossier has words for has a line.
func TestAccessHasTheResultsOfTheReport(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../archive/report_oversight.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var results []string
	ast.Inspect(file, func(node ast.Node) bool { // the cases of the switch on Result within those of access
		c, ok := node.(*ast.CaseClause)
		if !ok || len(c.List) != 1 {
			return true
		}
		if kind, ok := c.List[0].(*ast.SelectorExpr); !ok || kind.Sel.Name != "AccessStands" {
			return true
		}
		ast.Inspect(c, func(node ast.Node) bool {
			if in, ok := node.(*ast.CaseClause); ok && len(in.List) == 1 {
				if word, ok := in.List[0].(*ast.BasicLit); ok {
					text, _ := strconv.Unquote(word.Value)
					results = append(results, text)
				}
			}
			return true
		})
		return false
	})
	if len(results) < 8 {
		t.Fatalf("%q were found: the test looks in the wrong place", results)
	}
	for _, result := range results {
		if m := (scene{}).news(dossier.Entry{Kind: dossier.AccessStands, Detail: &dossier.Detail{Name: "access", Result: result}}); m.text == "" {
			t.Errorf("access that stands as %s has no line", result)
		}
	}
}

// TestHostileWordsStayHarmlessInALine: whatever a word of an entry is, it mentions
// nobody, links to nothing, and Slack takes the line.
func TestHostileWordsStayHarmlessInALine(t *testing.T) {
	t.Parallel()
	bad := "<!channel> *b* <https://x.example|y>\n\u202e" + strings.Repeat("&", 3000)
	s := scene{Case: dossier.CaseView{ID: theCase}, People: []playbook.Person{{ID: "olga", Name: bad}}}
	for k, all := range newsLines() {
		for _, d := range all {
			d.Step, d.Name, d.Parent, d.Person = bad, bad, bad, "olga"
			d.Expiry = &engagement.Expiry{Kind: engagement.ExpiryKind(bad), Name: bad}
			m := s.news(dossier.Entry{Kind: k, Actor: "olga", Detail: &d})
			if strings.Contains(m.text, "<!channel>") || strings.Contains(m.text, "<https") || strings.ContainsAny(m.text, "\n\u202e") || strings.Contains(m.text, "*b*") {
				t.Errorf("%s says %q", k, m.text)
			}
			if m.text == "" {
				continue
			}
			if faults := m.faults(); len(faults) > 0 {
				t.Errorf("%s: %v", k, faults)
			}
		}
	}
}

// entry puts one into the record of the case.
func (w *world) entry(id string, k dossier.Kind, d dossier.Detail) {
	w.rows.mu.Lock()
	defer w.rows.mu.Unlock()
	now := w.clock.now()
	w.rows.entries = append(w.rows.entries, dossier.Entry{ID: id, Case: theCase, Process: theCase, Kind: k, At: now, CaseAt: now, Actor: "ana", Detail: &d})
}

// TestNewsStandsUnderTheBoardOnce: whether or not a request changes, whoever restarts,
// and only where there is a board.
func TestNewsStandsUnderTheBoardOnce(t *testing.T) {
	t.Parallel()
	w := boarded(t, "ana", "bo")
	w.entry("p#1", dossier.PilotFrozen, dossier.Detail{Threshold: 60, Criteria: make([]engagement.Criterion, 1)})
	w.settle(time.Minute)
	if got := w.thread(); len(got) != 0 {
		t.Fatalf("without a board the thread is %q", got)
	}
	w.request("q1", "ana", "bo")
	w.happens(func(*review.Request, time.Time) {}) // and the board is there
	w.entry("p#2", dossier.Milestone, dossier.Detail{Step: "first-week", Result: dossier.MilestoneOverdue})
	w.entry("p#3", dossier.Watched, dossier.Detail{})
	for range 3 {
		w.clock.forward(newsAgain)
		w.settle(time.Minute)
		w.restart()
	}
	w.entry("p#4", dossier.PilotStopped, dossier.Detail{})
	w.clock.forward(time.Minute) // whoever had the lease is gone
	w.settle(time.Minute)
	want := []string{
		"🧪 The pilot begins. What it is judged by is fixed: 1 criterion was frozen, and 60 of 100 are needed",
		"⏰ The milestone “First week” was due, and is not there", "🛑 Ana stopped the pilot early",
	}
	if got := w.thread(); !slices.Equal(got, want) {
		t.Errorf("the thread is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, there := w.rows.postings[outbox.LineID("p#3")]; there {
		t.Error("a silent kind has a line")
	}
}

// TestNewsThatComesLateIsTold: it was made two hours before the record had it.
func TestNewsThatComesLateIsTold(t *testing.T) {
	t.Parallel()
	w := boarded(t, "ana")
	w.request("q1", "ana")
	w.happens(func(*review.Request, time.Time) {})
	w.entry("p#1", dossier.RiskSigned, dossier.Detail{})
	w.rows.entries[0].At = w.clock.now().Add(-2 * newsLately)
	w.entry("p#2", dossier.RiskSigned, dossier.Detail{})
	w.rows.entries[1].At = w.clock.now().Add(-2 * newsFor)
	w.clock.forward(newsAll)
	w.settle(time.Minute)
	if got := w.thread(); len(got) != 1 || !strings.Contains(got[0], "risk record") {
		t.Errorf("the thread is %q", got)
	}
}

// TestTheThreadTellsNoMarksBeforeTheirTime: of an answer that is blind its line says that
// it was given; with the statement on interests, and who read what.
func TestTheThreadTellsNoMarksBeforeTheirTime(t *testing.T) {
	t.Parallel()
	w := boarded(t, "ana", "bo")
	w.request("q1", "ana", "bo")
	w.happens(func(r *review.Request, now time.Time) {
		r.Kind, r.Blind, r.Criteria, r.Declaration = review.Rating, true, []engagement.Criterion{{ID: "quality", Weight: 100, Most: 99}}, "interests"
		r.Ballots = append(r.Ballots, review.Ballot{Answer: "a-1", Seat: "seat-ana", Person: "ana", Verdict: review.Scored, At: now, Attest: []string{"interests"},
			Scores: []review.Score{{Criterion: "quality", Points: 87}}})
		r.Reads = append(r.Reads, review.Ballot{Answer: "r-1", Seat: "seat-bo", Person: "bo", Version: 1, Read: []string{"4-9", "12"}, At: now})
		r.Acts = append(r.Acts, review.Attempt{Answer: "r-1", Outcome: review.Outcome{Status: review.Counted, Seat: "seat-bo", By: "bo", Version: 1, At: now}})
	})
	got := w.thread()
	want := []string{"Data protection: scored by Ana for Seat ana, with their statement on interests", "📖 Data protection: Bo read sections 4-9 and 12 of version 1"}
	if len(got) != 2 || !strings.HasSuffix(got[0], want[0]) || got[1] != want[1] {
		t.Errorf("the thread is %q", got)
	}
	for _, m := range w.slack.Messages("C0CASES") {
		if strings.Contains(m.Text+string(m.Blocks), "87") {
			t.Errorf("a blind score's marks stand in %s", m.Text)
		}
	}
}
