package proof

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/converter"

	"gangway/activities"
	"gangway/internal/dossier"
	"gangway/internal/review"
	"gangway/workflows"
)

// byJournal is what stands against a history that the journal knows too.
const byJournal = "the journal"

// recordActivity is the name under which entries are given to the record.
const recordActivity = "Record"

// account is what the history of one run says that people answered, and what it gave
// to the record.
type account struct {
	process, run string
	answers      []answered
	entries      []recorded
}

// answered is an answer that a process was given.
type answered struct {
	event int64
	in    review.Answer
	out   outcome
}

// outcome is what an answer came to; event 0: nothing is known.
type outcome struct {
	review.Outcome
	event int64
}

func (a answered) counted() bool { return a.out.Status == review.Counted }

// recorded is an entry that a process gave to the record; sure: the record took it.
type recorded struct {
	event int64
	entry dossier.Entry
	sure  bool
}

// accountOf reads an account; what it can't read is a difference.
func accountOf(h *history.History, process, run string) (account, []Difference) {
	a := account{process: process, run: run}
	var found []Difference
	done := taken(h)
	for _, e := range h.GetEvents() {
		switch e.GetEventType() {
		case enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
			asked := e.GetActivityTaskScheduledEventAttributes()
			if asked.GetActivityType().GetName() != recordActivity {
				continue
			}
			var in activities.RecordIn
			if !read(asked.GetInput(), &in) {
				found = append(found, unread(e.GetEventId(), "what the record was given"))
				continue
			}
			for _, entry := range in.Entries {
				a.entries = append(a.entries, recorded{event: e.GetEventId(), entry: entry, sure: done[e.GetEventId()]})
			}
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
			asked := e.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest()
			if asked.GetInput().GetName() != workflows.UpdateAnswer {
				continue
			}
			one := answered{event: e.GetEventId()}
			if !read(asked.GetInput().GetArgs(), &one.in) {
				found = append(found, unread(e.GetEventId(), "an answer"))
				continue
			}
			one.out = outcomeIn(h, asked.GetMeta().GetUpdateId())
			a.answers = append(a.answers, one)
			found = append(found, one.contradictions()...)
		default:
		}
	}
	return a, found
}

func read(p *common.Payloads, into any) bool {
	return len(p.GetPayloads()) == 1 && converter.GetDefaultDataConverter().FromPayloads(p, into) == nil
}

func unread(event int64, what string) Difference {
	return Difference{Event: event, What: what, History: "what can't be read", Other: "wants one value", By: byCode}
}

// taken are the events of activities that came to a result.
func taken(h *history.History) map[int64]bool {
	done := make(map[int64]bool)
	for _, e := range h.GetEvents() {
		if e.GetEventType() == enums.EVENT_TYPE_ACTIVITY_TASK_COMPLETED {
			done[e.GetActivityTaskCompletedEventAttributes().GetScheduledEventId()] = true
		}
	}
	return done
}

// outcomeIn is what an Update came to.
func outcomeIn(h *history.History, id string) outcome {
	for _, e := range h.GetEvents() {
		a := e.GetWorkflowExecutionUpdateCompletedEventAttributes()
		if a == nil || a.GetMeta().GetUpdateId() != id {
			continue
		}
		out := outcome{event: e.GetEventId()}
		if !read(a.GetOutcome().GetSuccess(), &out.Outcome) {
			return outcome{event: e.GetEventId()}
		}
		return out
	}
	return outcome{}
}

// contradictions holds an answer that counts against what its person was told of it:
// whatever release recorded them, the two say the same.
func (a answered) contradictions() []Difference {
	if !a.counted() {
		return nil
	}
	type told struct {
		Request string         `json:"request"`
		Person  string         `json:"person"`
		Verdict review.Verdict `json:"verdict"`
	}
	m, differs := differValues(told{a.in.Request, a.in.Person.ID, a.in.Verdict}, told{a.out.Request, a.out.By, a.out.Verdict})
	if !differs {
		return nil
	}
	return []Difference{{Event: a.event, What: a.String(), Field: m.field, History: m.a, Other: fmt.Sprintf("(event %d) says %s", a.out.event, m.b), By: "its outcome"}}
}

// String names the answer and who gave it.
func (a answered) String() string { return "the answer " + a.in.ID + " of " + a.in.Person.ID }

// crossCheck holds the journal against what the histories say: every decision of the
// one is in the other, and every entry that a process gave to the record stands there
// as it was given. lines are the journal's, accounts those of all histories that could
// be read, replayable or not.
func crossCheck(lines []dossier.Line, accounts []account) []Difference {
	var found []Difference
	for _, a := range accounts {
		found = append(found, a.decisions(lines)...)
		found = append(found, a.given(lines)...)
	}
	return found
}

// decisions compares answers, one by one, both ways.
func (a account) decisions(lines []dossier.Line) []Difference {
	var found []Difference
	journal := a.ballots(lines)
	for _, one := range a.answers {
		if !one.counted() {
			continue
		}
		i := slices.IndexFunc(journal, func(l dossier.Line) bool { return l.Entry.Fact.Ballot.Answer == one.in.ID })
		if i < 0 {
			found = append(found, Difference{Event: one.event, What: one.String(), History: show(one.in.Verdict), Other: "knows nothing of it", By: byJournal})
			continue
		}
		l := journal[i]
		m, differs := differValues(decisionOf(one.in), decisionIn(l))
		if differs {
			found = append(found, Difference{Event: one.event, Line: l.N, What: one.String(), Field: m.field, History: m.a, Other: "says " + m.b, By: byJournal})
		}
	}
	for _, l := range journal {
		b := l.Entry.Fact.Ballot
		if !slices.ContainsFunc(a.answers, func(one answered) bool { return one.counted() && one.in.ID == b.Answer }) {
			found = append(found, Difference{Line: l.N, What: "the answer " + b.Answer + " of " + b.Person, History: nothing, Other: "says " + show(b.Verdict), By: byJournal})
		}
	}
	return found
}

// ballots are the lines by which answers to this run were counted.
func (a account) ballots(lines []dossier.Line) []dossier.Line {
	var all []dossier.Line
	for _, l := range lines {
		f := l.Entry.Fact
		if l.Entry.Process == a.process && l.Entry.Run == a.run && !l.Conflict && f != nil && f.Kind == review.FactCounted && f.Ballot != nil {
			all = append(all, l)
		}
	}
	return all
}

// decision is what an answer and the entry that counted it have in common.
type decision struct {
	Request   string         `json:"request"`
	Person    string         `json:"person"`
	Verdict   review.Verdict `json:"verdict"`
	Version   int            `json:"version"`
	Attest    []string       `json:"attest"`
	Scores    []review.Score `json:"scores"`
	Documents []string       `json:"documents"`
}

func decisionOf(a review.Answer) decision {
	return decision{a.Request, a.Person.ID, a.Verdict, a.Version, a.Attest, a.Scores, a.Documents}
}

func decisionIn(l dossier.Line) decision {
	f := l.Entry.Fact
	b := f.Ballot
	return decision{f.Request, b.Person, b.Verdict, b.Version, b.Attest, b.Scores, b.Documents}
}

// given compares the entries of the run's own with those that the journal has, both ways.
// Those of the register are left out: a dossier has an excerpt of it alone.
func (a account) given(lines []dossier.Line) []Difference {
	var found []Difference
	own := make(map[string]dossier.Line)
	for _, l := range lines {
		if l.Entry.Process == a.process && l.Entry.Run == a.run && !l.Conflict && l.Entry.Case != dossier.Register && numbered(l.Entry) {
			own[l.Entry.ID] = l
		}
	}
	known := make(map[string]bool)
	for _, r := range a.entries {
		if r.entry.Case == dossier.Register {
			continue
		}
		known[r.entry.ID] = true
		l, there := own[r.entry.ID]
		what := "the entry " + r.entry.ID
		if !there {
			if r.sure {
				found = append(found, Difference{Event: r.event, What: what, History: show(r.entry.Kind), Other: "knows nothing of it", By: byJournal})
			}
			continue
		}
		m, differs := differValues(r.entry, l.Entry)
		if differs {
			found = append(found, Difference{Event: r.event, Line: l.N, What: what, Field: m.field, History: m.a, Other: "says " + m.b, By: byJournal})
		}
	}
	for _, l := range lines {
		if mine, there := own[l.Entry.ID]; there && mine.N == l.N && !known[l.Entry.ID] {
			found = append(found, Difference{Line: l.N, What: "the entry " + l.Entry.ID, History: nothing, Other: fmt.Sprintf("says %s", show(l.Entry.Kind)), By: byJournal})
		}
	}
	return found
}

// numbered reports an entry that a process made: "process#n".
func numbered(e dossier.Entry) bool {
	n, err := strconv.Atoi(strings.TrimPrefix(e.ID, e.Process+"#"))
	return err == nil && n > 0
}
