package exit

import (
	"slices"
	"time"
)

// Piece is a step of an exit or of one of its parts, as its days are counted.
type Piece struct {
	Step string `json:"step"` // id
	Part string `json:"part"`
	Does string `json:"does"`
	// Kinds limits a step of a hand-over to some kinds of assets; empty: all.
	Kinds []AssetKind `json:"kinds,omitempty"`
	// Days is how long whoever does it has where nothing is compressed; a begun day counts.
	Days int `json:"days"`
}

// Milestone is the day by which a step has to be done, for the vendor to be off in time.
type Milestone struct {
	Step string    `json:"step"`
	Part string    `json:"part"`
	On   time.Time `json:"on"`
	// Days is how long the step has, Wanted how long it would have had.
	Days   int `json:"days"`
	Wanted int `json:"wanted"`
}

// Whether the contract's notice period fits before the day by which the vendor is off.
const (
	NoticeInTime  = "in-time"
	NoticeLate    = "late"    // it can't: the contract binds beyond that day
	NoticeUnknown = "unknown" // nobody said how long it is
)

// Notice is what is known of the contract's notice period.
type Notice struct {
	Known bool `json:"known,omitempty"`
	Days  int  `json:"days,omitempty"`
	// Last is the last day on which notice can arrive, where that is not just as many days
	// before the one by which the vendor is to be off: the contract ends before that.
	Last time.Time `json:"last,omitzero"`
	// Arrived is when notice did; zero: it has not.
	Arrived time.Time `json:"arrived,omitzero"`
}

// Wanted is what a plan is made of: the steps that are asked still, those that a planned
// exit would have asked, and what the signed plan names.
type Wanted struct {
	From    time.Time // the plan is made on
	By      time.Time // the vendor is off
	Notice  Notice
	Asked   []Piece
	Omitted []Piece
	Areas   []Area
	Assets  []Asset
}

// Schedule is by when each step has to be done, and what is given up for that.
type Schedule struct {
	From time.Time `json:"from"`
	By   time.Time `json:"by"`
	// Notice is one of the words above, NoticeBy the last day on which notice can arrive,
	// Binds until when the contract does at least where that day has passed.
	Notice     string      `json:"notice"`
	NoticeBy   time.Time   `json:"noticeBy,omitzero"`
	Binds      time.Time   `json:"binds,omitzero"`
	Milestones []Milestone `json:"milestones,omitempty"`
	GivenUp    []GivenUp   `json:"givenUp,omitempty"`
}

// day is what everything here is counted in.
const day = 24 * time.Hour

// stages are the steps that must be over before the vendor is off, in their order: those
// of one stage run beside each other.
func stages() [][]string {
	return [][]string{
		{DoesDecide, DoesEmergency},
		{DoesNotice},
		{DoesPlan},
		{DoesGivenUp},
		{DoesRoster, DoesAssets, DoesSession, DoesMaterial},
		{DoesHand, DoesShown},
		{DoesRestore, DoesVerify, DoesReceived},
		{DoesTake},
		{DoesParallel},
		{DoesCutOver},
	}
}

// stageOf is the stage of a step. Negative: it is done after that day (the looks of later,
// the data that backups hold, money and lessons).
func stageOf(does string) int {
	return slices.IndexFunc(stages(), func(s []string) bool { return slices.Contains(s, does) })
}

// Schedule counts back from the day by which the vendor is off. Where the days that are
// left do not reach, each stage has as much less of them as every other; nothing is due
// before the day on which the plan is made.
func (w Wanted) Schedule() Schedule {
	s := Schedule{From: w.From, By: w.By}
	s.Notice, s.NoticeBy, s.Binds = w.notice()
	ends, has, needs := w.counted()
	for _, p := range w.Asked {
		i := stageOf(p.Does)
		if i < 0 {
			continue
		}
		m := Milestone{Step: p.Step, Part: p.Part, On: ends[i], Days: p.Days, Wanted: p.Days}
		if has[i] < needs[i] {
			m.Days = min(p.Days, max(has[i], 0))
		}
		s.Milestones = append(s.Milestones, m)
	}
	s.GivenUp = w.givenUp(s)
	return s
}

// left is how many whole days are left.
func (w Wanted) left() int { return max(0, int(w.By.Sub(w.From)/day)) }

// Days are the whole days that are left, and those that the stages before the wanted day
// want together, each as many as the longest of its steps.
func (w Wanted) Days() (left, wants int) {
	_, _, needs := w.counted()
	for _, days := range needs {
		wants += days
	}
	return w.left(), wants
}

// counted is when each stage ends, how many days it has, and how many it wants: as many as
// the longest of its steps.
func (w Wanted) counted() (ends []time.Time, has, needs []int) {
	n := len(stages())
	ends, has, needs = make([]time.Time, n), make([]int, n), make([]int, n)
	whole := 0
	for _, p := range w.Asked {
		if i := stageOf(p.Does); i >= 0 && p.Days > needs[i] {
			whole += p.Days - needs[i]
			needs[i] = p.Days
		}
	}
	left, passed, last := w.left(), 0, 0
	for i := range ends {
		passed += needs[i]
		at := left - (whole - passed) // counted from the day on which the plan is made
		if whole > left {
			at = left * passed / whole
		}
		if whole == 0 {
			at = left
		}
		ends[i], has[i] = w.From.Add(time.Duration(at)*day), at-last
		if i == 0 || passed == needs[i] { // the first may begin at once
			has[i] = at
		}
		last = at
	}
	w.early(ends, has)
	return ends, has, needs
}

// early brings forward what has to be done for notice to arrive in time, as far as there
// are days for it.
func (w Wanted) early(ends []time.Time, has []int) {
	word, by, _ := w.notice()
	at := stageOf(DoesNotice)
	if word == NoticeUnknown || !w.Notice.Arrived.IsZero() {
		return
	}
	if by.Before(w.From) {
		by = w.From
	}
	for i := at; i >= 0; i-- {
		if ends[i].After(by) {
			ends[i] = by
		}
		has[i] = min(has[i], int(ends[i].Sub(w.From)/day))
	}
}

// notice is whether notice can arrive in time, by when it has to, and until when the
// contract binds where it cannot.
func (w Wanted) notice() (word string, by, binds time.Time) {
	if !w.Notice.Known {
		return NoticeUnknown, by, binds
	}
	days := max(w.Notice.Days, 0)
	by = w.By.AddDate(0, 0, -days)
	if !w.Notice.Last.IsZero() {
		by = w.Notice.Last
	}
	arrives := w.Notice.Arrived
	if arrives.IsZero() {
		arrives = w.From
	}
	if arrives.Truncate(day).After(by) {
		return NoticeLate, by, arrives.AddDate(0, 0, days)
	}
	return NoticeInTime, by, binds
}
