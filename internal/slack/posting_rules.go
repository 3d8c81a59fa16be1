package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"gangway/internal/calendar"
	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// readings are what was read of documents that never change, by their digests, and
// tables of zones. Full, it begins anew.
type readings struct {
	mu      sync.Mutex
	books   map[string]playbook.Playbook
	touched map[string]touched
	zones   map[string]calendar.Zone
}

// touched is what an intake says of what its vendor touches. The rest of it is
// not kept in memory: it can be erased.
type touched struct {
	Data    []string `json:"data"`
	Systems []string `json:"systems"`
}

// mostReadings bounds each sort of what is kept: a deployment has few playbooks, and
// as many intakes as cases, of which only those that run are looked at.
const mostReadings = 256

// reading is something that was read, made where it isn't there.
func reading[T any](s *readings, of func(*readings) *map[string]T, key string, read func() (T, error)) (T, error) {
	s.mu.Lock()
	v, known := (*of(s))[key]
	s.mu.Unlock()
	if known {
		return v, nil
	}
	v, err := read()
	if err != nil {
		return v, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := of(s)
	if *m == nil || len(*m) >= mostReadings {
		*m = map[string]T{}
	}
	(*m)[key] = v
	return v, nil
}

// book is the playbook that a case was started with; false: it can't be read.
func (a *App) book(ctx context.Context, v *dossier.CaseView) (playbook.Playbook, bool) {
	digest := documentOf(v, "playbook")
	if digest == "" {
		return playbook.Playbook{}, false
	}
	pb, err := reading(&a.readings, func(s *readings) *map[string]playbook.Playbook { return &s.books }, digest,
		func() (playbook.Playbook, error) { return a.o.Desk.Rules(ctx, digest) })
	if err != nil {
		a.o.Log.Warn("reading a case's playbook for its cards", "case", v.ID, "error", err)
	}
	return pb, err == nil
}

// documentOf is the digest of a document of the case.
func documentOf(v *dossier.CaseView, name string) string {
	for _, d := range v.Documents {
		if d.Name == name {
			return d.Document
		}
	}
	return ""
}

// touches is what the vendor touches, as the intake says, and as it was corrected.
// An intake that was erased says nothing.
func (a *App) touches(ctx context.Context, v *dossier.CaseView) touched {
	var t touched
	if digest := documentOf(v, "intake"); digest != "" {
		var err error
		t, err = reading(&a.readings, func(s *readings) *map[string]touched { return &s.touched }, digest, func() (touched, error) { return a.intake(ctx, digest) })
		if err != nil && !isMissing(err) {
			a.o.Log.Warn("reading a case's intake for its cards", "case", v.ID, "error", err)
		}
	}
	for _, c := range v.Corrections {
		switch c.Field {
		case playbook.FieldData:
			t.Data = c.Values
		case playbook.FieldSystems:
			t.Systems = c.Values
		}
	}
	return t
}

// summary is what the vendor is for, in plain words, and what leaving others of the kind
// taught. It is read anew each time: it can be erased.
func (a *App) summary(ctx context.Context, v *dossier.CaseView) (words string, taught []string) {
	digest := documentOf(v, "intake")
	if digest == "" {
		return "", nil
	}
	var in struct {
		Summary string        `json:"summary"`
		Taught  []exit.Taught `json:"taught"`
	}
	if err := a.intakeInto(ctx, digest, &in); err != nil && !isMissing(err) {
		a.o.Log.Warn("reading a case's summary for its cards", "case", v.ID, "error", err)
	}
	for _, t := range in.Taught {
		taught = append(taught, t.Sentence()+".")
	}
	return in.Summary, taught
}

func (a *App) intake(ctx context.Context, digest string) (touched, error) {
	var t touched
	if err := a.intakeInto(ctx, digest, &t); err != nil {
		return touched{}, err
	}
	return t, nil
}

// intakeInto reads what is wanted of an intake.
func (a *App) intakeInto(ctx context.Context, digest string, into any) error {
	_, body, err := a.o.Store.Get(ctx, digest)
	if err != nil {
		return fmt.Errorf("opening an intake: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(body, engagement.MaxDocument))
	if err = errors.Join(err, body.Close()); err != nil {
		return fmt.Errorf("reading an intake: %w", err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("understanding an intake: %w", err)
	}
	return nil
}

// outlook is what playbook and intake tell of an open request.
func (a *App) outlook(ctx context.Context, s *scene, pb playbook.Playbook, known bool) outlook {
	var o outlook
	t := a.touches(ctx, &s.Case)
	o.Data, o.Systems = t.Data, t.Systems
	o.Summary, o.Taught = a.summary(ctx, &s.Case)
	if !known {
		return o
	}
	o.Place, o.Of = placeOf(&pb, &s.Request, s.Case.Tier)
	d, asked := deadlinesOf(&pb, &s.Request)
	snap, ok := a.calendar(s.Request.Opened, pb.Hours, s.Viewer.Hours)
	if asked && ok {
		o.Clocked = true
		o.Alarms = d.Alarms(&s.Request, s.Now, snap, pb.Hours, []playbook.Hours{{Person: s.Viewer.ID, Schedule: s.Viewer.Hours}})
	}
	return o
}

// process is the sort of process that a request is of.
func process(r *review.Request) playbook.Process {
	for _, p := range []playbook.Process{playbook.Contract, playbook.DPA} {
		if strings.HasPrefix(r.Process, string(p)+"/") {
			return p
		}
	}
	return playbook.Onboarding
}

// placeOf is which of the case's steps a request asks, in the order of the
// stages, and how many there are for its tier. A collection is not among them: not
// every case needs one.
func placeOf(pb *playbook.Playbook, r *review.Request, tier engagement.Tier) (place, of int) {
	if tier == engagement.TierOpen {
		return 0, 0
	}
	for _, stage := range pb.Stages {
		for i := range pb.Steps {
			st := &pb.Steps[i]
			here := st.Process == playbook.Contract && stage == playbook.ContractStage || st.Process == playbook.Onboarding && st.Stage == stage
			if !here || !st.Applies(tier) {
				continue
			}
			of++
			if st.ID == r.Step && st.Process == process(r) {
				place = of
			}
		}
	}
	if place == 0 {
		return 0, 0
	}
	return place, of
}

// deadlinesOf are those of a request: its step's, or those of what the owner is
// asked, or asks, between the steps.
func deadlinesOf(pb *playbook.Playbook, r *review.Request) (playbook.Deadlines, bool) {
	for i := range pb.Steps {
		if st := &pb.Steps[i]; st.ID == r.Step && st.Process == process(r) {
			return st.Deadlines, true
		}
	}
	if playbook.IsChore(r.Step) {
		return pb.Chores, true
	}
	return playbook.Deadlines{}, false
}

// calendar has the zones and holidays of the first schedule, and those of the
// others where they are known: Alarms takes the first for whom it isn't. It is
// made of the same sets as the one that the case's process carries; where those
// were changed since, an instant may differ by the days that were.
func (a *App) calendar(from time.Time, own calendar.Schedule, others ...calendar.Schedule) (calendar.Snapshot, bool) {
	from = time.Date(from.UTC().Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	snap := calendar.Snapshot{From: from, Until: from.AddDate(3, 0, 0), Holidays: a.o.Holidays}
	for _, sch := range append([]calendar.Schedule{own}, others...) {
		if sch.Zone == "" || slices.ContainsFunc(snap.Zones, func(z calendar.Zone) bool { return z.Name == sch.Zone }) {
			continue
		}
		table, err := reading(&a.readings, func(s *readings) *map[string]calendar.Zone { return &s.zones }, from.Format(time.DateOnly)+sch.Zone, func() (calendar.Zone, error) {
			loc, err := time.LoadLocation(sch.Zone)
			if err != nil {
				return calendar.Zone{}, fmt.Errorf("finding a time zone: %w", err)
			}
			table := calendar.Table(loc, snap.From, snap.Until)
			table.Name = sch.Zone
			return table, nil
		})
		if err == nil { // else the snapshot has it not, and says so when it is asked
			snap.Zones = append(snap.Zones, table)
		}
	}
	slices.SortFunc(snap.Zones, func(x, y calendar.Zone) int { return cmp.Compare(x.Name, y.Name) })
	return snap, snap.Has(own) == nil
}
