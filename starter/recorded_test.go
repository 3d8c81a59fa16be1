package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

const (
	brightwell = "onboarding/brightwell-payroll/1"
	contractOf = "contract/brightwell-payroll/1"
	textOne    = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
	textTwo    = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
	bookDigest = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// monday is when the recorded cases begin.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func days(n int) time.Time { return monday.AddDate(0, 0, n) }

// recorded is what the server is known to answer, file by file. The files hold
// the JSON to its promise: a test compares them with what the types write today.
func recorded() map[string]any {
	return map[string]any{
		"cases.json":   []dossier.CaseView{running(), hostile(), withdrawn()},
		"lines.json":   lines(),
		"people.json":  people(),
		"away.json":    aways(),
		"waiting.json": []review.Request{running().Requests[1]},
	}
}

func running() dossier.CaseView {
	return dossier.CaseView{
		ID: brightwell, Vendor: "brightwell-payroll", Owner: "maya", Requester: "maya", Sponsor: "helen", State: dossier.Running,
		Stage: "contract", Tier: 1, Playbook: "standard", Digest: bookDigest, Opened: monday, Lines: 21, Last: days(4),
		Processes: []dossier.ProcessView{
			{ID: brightwell, Started: monday, Runs: []string{"run-a"}},
			{ID: contractOf, Parent: brightwell, Started: days(2), Runs: []string{"run-b"}},
		},
		Requests: []review.Request{needed(), reviewed()},
		Documents: []dossier.DocumentView{
			{Process: brightwell, Name: "playbook", Document: bookDigest, At: monday},
			{Process: contractOf, Name: "contract", Version: 1, Document: textOne, Size: 8123, Media: "text/plain", By: "maya", At: days(2)},
			{Process: contractOf, Name: "contract", Version: 2, Document: textTwo, Size: 8150, Media: "text/plain", By: "maya", At: days(4), ForVendor: true},
		},
	}
}

// needed is a request that was decided.
func needed() review.Request {
	return review.Request{
		ID: brightwell + "/need/1", Case: brightwell, Process: brightwell, Step: "need", Kind: review.Decision, Title: "Is this vendor needed?",
		Requester: "maya", Owner: "maya", Vendor: "brightwell-payroll", Opened: monday,
		Policy: review.Policy{Groups: []review.Group{{Rule: review.RuleAll, Seats: []review.Seat{
			{ID: "sponsor", Role: "sponsor", Mandatory: true}, {ID: "finance", Role: "finance"}}}}},
		Seatings: []review.Seating{seated("sponsor", 0, "helen"), seated("finance", 0, "ravi")},
		Clocks:   []review.Clock{{Opened: monday, Due: days(3)}},
		Ballots: []review.Ballot{
			{Answer: "a1", Seat: "sponsor", Person: "helen", Verdict: review.Approve, At: days(1), Channel: "web"},
			{Answer: "a2", Seat: "finance", Person: "ravi", Verdict: review.Approve, At: days(2), Channel: "cli"},
		},
		Refusals: 1,
		Closed:   &review.Closing{State: review.Met, At: days(2), Why: "decided"},
	}
}

// reviewed is a request that waits: legal has approved the second version,
// security is asked, priya holds two seats of the second group.
func reviewed() review.Request {
	return review.Request{
		ID: contractOf + "/review/1", Case: brightwell, Process: contractOf, Step: "review", Kind: review.Decision, Title: "Contract review",
		Document: "contract", Requester: "maya", Owner: "maya", Vendor: "brightwell-payroll", Opened: days(2),
		Policy: review.Policy{Pairs: []review.Pair{{A: "sponsor", B: "service-owner"}}, Groups: []review.Group{
			{Name: "first readers", Rule: review.RuleAll, Seats: []review.Seat{
				{ID: "legal", Role: "legal", Mandatory: true, Attest: []string{"read-in-full", "no-conflict"}},
				{ID: "security", Role: "security", Veto: true, Scope: []string{"title:security"}, Attest: []string{"no-conflict"}}}},
			{Name: "who signs", Rule: review.RuleAll, Seats: []review.Seat{{ID: "sponsor", Role: "sponsor"}, {ID: "service-owner", Role: "service-owner"}}},
		}},
		Seatings: []review.Seating{seated("legal", 0, "jonas"), seated("security", 0, "daniel", "ines"),
			seated("sponsor", 1, "priya"), seated("service-owner", 1, "priya")},
		Clocks:   []review.Clock{{Opened: days(2), Due: days(9)}},
		Versions: []review.Version{{Number: 1, Document: textOne, At: days(2)}, {Number: 2, Document: textTwo, At: days(4), Touched: []review.Touch{{Version: 1, Seats: []string{"legal", "sponsor", "service-owner"}}}}},
		Ballots:  []review.Ballot{{Answer: "a3", Seat: "legal", Person: "jonas", Verdict: review.Approve, Version: 2, At: days(4), Channel: "web"}},
	}
}

func seated(seat string, group int, people ...string) review.Seating {
	s := review.Seating{Seat: seat, Group: group}
	for i, p := range people {
		via := review.ViaRole
		if i > 0 {
			via = review.ViaBackup
		}
		s.Holders = append(s.Holders, review.Holder{Person: p, Via: via, Since: days(2)})
	}
	return s
}

// hostile is a case whose words try to steer a terminal, and a rehearsal whose
// clock stands elsewhere.
func hostile() dossier.CaseView {
	r := needed()
	r.ID, r.Case, r.Process = "onboarding/evil/1/need/1", "onboarding/evil/1", "onboarding/evil/1"
	r.Title = "\x1b]0;owned\x07 \u202egnp.exe\u202c 漢字"
	return dossier.CaseView{
		ID: "onboarding/evil/1", Vendor: "evil", Owner: "tom", State: dossier.Live, Stage: "live\x1b[2J", Rehearsal: true, Tier: 2, Playbook: "small",
		Opened: monday, Closed: days(30), Sealed: true, Lines: 12, Last: days(30), Requests: []review.Request{r},
		Anchor: calendar.Anchor{Real: monday, Case: days(30)},
	}
}

func withdrawn() dossier.CaseView {
	return dossier.CaseView{ID: "onboarding/acme/1", Vendor: "acme", Owner: "tom", State: dossier.Ended, Stage: "need", Opened: monday, Closed: days(1), Lines: 9, Last: days(1)}
}

func lines() []dossier.Line {
	entries := []dossier.Entry{
		{ID: brightwell + "#1", Process: brightwell, Kind: dossier.CaseOpened, Actor: "maya", Detail: &dossier.Detail{Vendor: "brightwell-payroll", Owner: "maya"}},
		{ID: brightwell + "#2", Process: brightwell, Kind: dossier.StageReached, Detail: &dossier.Detail{Stage: "contract"}},
		{ID: contractOf + "#1", Process: contractOf, Kind: dossier.Request, Actor: "jonas", Answer: "a3", Fact: &review.Fact{Kind: review.FactCounted,
			Request: contractOf + "/review/1", At: days(4), Seat: "legal", Person: "jonas", Answer: "a3", Ballot: &reviewed().Ballots[0]}},
		{ID: contractOf + "#2", Process: contractOf, Kind: dossier.Request, Actor: "maya", Fact: &review.Fact{Kind: review.FactRefused,
			Request: contractOf + "/review/1", At: days(4), Person: "maya", Outcome: &review.Outcome{Status: review.Refused, Refusal: review.OwnRequest}}},
		{ID: contractOf + "#desk/n1", Process: contractOf, Kind: dossier.Noted, Actor: "tom", Detail: &dossier.Detail{Name: "comment"}},
	}
	list := make([]dossier.Line, len(entries))
	prev := dossier.Genesis(brightwell)
	for i, e := range entries {
		e.Case, e.At, e.CaseAt = brightwell, days(i), days(i)
		l := dossier.Line{N: i + 1, Entry: e, Prev: prev}
		if i == 2 {
			l.Salt, l.Body = "salt-of-the-test-0123", &dossier.Body{Inside: "read twice\n\x1b[31mand fine"}
			l.BodyDigest = dossier.BodyDigest(l.Salt, *l.Body)
		}
		if i == 4 {
			l.BodyDigest, l.Erased = textOne, &dossier.Erasure{On: days(5), Rule: "art. 17"}
		}
		l.Hash = dossier.LineHash(l)
		list[i], prev = l, l.Hash
	}
	return list
}

func people() []playbook.Person {
	hours := calendar.Schedule{Zone: "America/New_York"}
	list := []playbook.Person{
		{ID: "maya", Name: "Maya Lind", Mail: "maya@client.example", Roles: []string{"service-owner"}, Backups: []string{"tom"}, Hours: hours},
		{ID: "tom", Name: "Tom Okafor", Roles: []string{"service-owner"}, Manager: "maya", Hours: hours},
		{ID: "old", Name: "Olga Dahl", Hours: hours, Left: true},
		{ID: "nadia", Name: "Nadia \u202eRahman", Employer: "brightwell-payroll", Hours: hours},
		{ID: "sora", Name: "山田 空", Roles: []string{"finance"}, Hours: hours},
		{ID: "ruth", Name: "Ruth Evans", Hours: hours, Away: []playbook.Away{{From: monday.AddDate(-1, 0, 0), Until: monday.AddDate(100, 0, 0)}}},
	}
	for _, id := range []string{"jonas", "daniel", "ines", "helen", "ravi", "priya"} {
		list = append(list, playbook.Person{ID: id, Name: id, Hours: hours})
	}
	return list
}

// TestRecorded holds the recorded answers to the types. A field that is renamed
// or gone breaks every script that reads it.
func TestRecorded(t *testing.T) {
	t.Parallel()
	for name, value := range recorded() {
		want, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, '\n')
		path := filepath.Join("testdata", "api", name)
		if os.Getenv("GANGWAY_UPDATE") != "" {
			if err := os.WriteFile(path, want, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the types write (GANGWAY_UPDATE=1 records it anew; old scripts read the old fields):\n%s", path, cmp.Diff(string(got), string(want)))
		}
	}
}
