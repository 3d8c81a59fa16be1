package activities

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/engagement"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/inventory"
)

// Surveyor is what activities need of the system in which a vendor's people can have
// access, to see where they do and to take it away. What can't be seen, and what is
// refused for good, stands in the Sight; an error is worth another try.
type Surveyor interface {
	// Organisation looks at what is the organisation's, and lists its repositories.
	Organisation(ctx context.Context, r inventory.Roster) (inventory.Overview, error)
	// Repository looks at what is one repository's.
	Repository(ctx context.Context, r inventory.Roster, repo inventory.Repository) ([]inventory.Sight, error)
	// Cut takes away what was found, and looks whether it is gone. Doing it again
	// changes nothing.
	Cut(ctx context.Context, r inventory.Roster, f inventory.Finding) (inventory.Sight, error)
}

// InventoryIn says whose access is looked for.
type InventoryIn struct {
	// Roster is the digest of the vendor's accounts.
	Roster string `json:"roster"`
	// Plan is the digest of the signed exit plan; empty: there is none, and nothing
	// that is found is more than it names.
	Plan string `json:"plan,omitempty"`
	// Evidence is the digest of the inventory before this one; empty: it is the first.
	Evidence string `json:"evidence,omitempty"`
}

// InventoryOut says what was found, without whom and what it is about.
type InventoryOut struct {
	Counts       []inventory.Count `json:"counts"`
	Repositories int               `json:"repositories"`
	// More counts what the plan does not name, New what the inventory before did not
	// have.
	More int `json:"more,omitempty"`
	New  int `json:"new,omitempty"`
	// Evidence is the digest of the document that says it with names, calls and times;
	// empty where nothing could be called.
	Evidence string `json:"evidence,omitempty"`
	// Forgotten are assets that the plan does not name, by GitHub's numbers of them, List
	// the digest of the list that has their names.
	Forgotten []exit.Asset `json:"forgotten,omitempty"`
	List      string       `json:"list,omitempty"`
}

// CutOut says what came of it.
type CutOut struct {
	// Cut are gone as far as could be seen at once, Left are not, HeldBack was not
	// tried: a last owner's, staff's, or not the vendor's beyond doubt.
	Cut      int    `json:"cut,omitempty"`
	Left     int    `json:"left,omitempty"`
	HeldBack int    `json:"heldBack,omitempty"`
	Evidence string `json:"evidence,omitempty"`
}

// survey is what the document of an inventory, of a cut, or of a part of one holds.
type survey struct {
	Kind   string `json:"kind"`
	Did    string `json:"did"` // looked at, cut
	Roster string `json:"roster"`
	// About is the inventory that a cut goes by, or the one before an inventory.
	About string `json:"about,omitempty"`
	// Before is the part before this one, of a part alone.
	Before       string                 `json:"before,omitempty"`
	Repositories []inventory.Repository `json:"repositories,omitempty"`
	Sights       []inventory.Sight      `json:"sights"`
}

// What the documents are.
const (
	surveyKind     = "gangway inventory evidence 1"
	surveyPartKind = "gangway inventory part 1"
)

// mostSurvey bounds the evidence of an inventory in bytes: a repository takes some ten
// kilobytes of it, and an organisation has some thousands.
const mostSurvey = 64 << 20

// giveUpAt is the attempt from which on a repository that can't be looked at, for no
// reason that GitHub names, is not checkable: the others must not wait for it.
const giveUpAt = 4

// Inventory looks at every place where the vendor's people can have access. Whoever is
// killed in it goes on with the repository at which they were.
func (a *Activities) Inventory(ctx context.Context, in InventoryIn) (InventoryOut, error) {
	var roster inventory.Roster
	err := a.readJSON(ctx, in.Roster, "a roster", &roster)
	if err != nil {
		return InventoryOut{}, err
	}
	if a.Survey == nil {
		return InventoryOut{Counts: unseen(roster)}, nil
	}
	s, at, err := a.surveyed(ctx, survey{Kind: surveyKind, Did: "looked at", Roster: in.Roster, About: in.Evidence})
	if err != nil {
		return InventoryOut{}, err
	}
	if at.Part == "" {
		over, err := a.Survey.Organisation(ctx, roster)
		if err != nil {
			return InventoryOut{}, outside(fmt.Errorf("looking at the organisation: %w", err))
		}
		s.Repositories = over.Repositories
		at, err = a.gotOn(ctx, &s, at, over.Sights, over.Repositories)
		if err != nil {
			return InventoryOut{}, err
		}
	}
	for at.Done < len(s.Repositories) {
		sights, err := a.Survey.Repository(ctx, roster, s.Repositories[at.Done])
		if err != nil && (pauses(err) || ctx.Err() != nil || activity.GetInfo(ctx).Attempt < giveUpAt) {
			return InventoryOut{}, outside(fmt.Errorf("looking at one repository: %w", err))
		}
		if err != nil {
			sights = unseenAt(roster)
		}
		at.Done++
		at, err = a.gotOn(ctx, &s, at, sights, nil)
		if err != nil {
			return InventoryOut{}, err
		}
	}
	return a.counted(ctx, in, roster, s)
}

// counted files an inventory and says what a process may know of it.
func (a *Activities) counted(ctx context.Context, in InventoryIn, roster inventory.Roster, s survey) (InventoryOut, error) {
	out := InventoryOut{Counts: roster.CountsOf(s.Sights), Repositories: len(s.Repositories)}
	var err error
	if in.Plan != "" {
		plan, err := a.words(ctx, in.Plan)
		if err != nil {
			return InventoryOut{}, err
		}
		out.More = len(inventory.Unnamed(s.Sights, plan))
		out.Forgotten, out.List, err = a.forgotten(ctx, roster.Forgotten(s.Sights, s.Repositories, plan))
		if err != nil {
			return InventoryOut{}, err
		}
	}
	if in.Evidence != "" {
		before, err := a.survey(ctx, in.Evidence, surveyKind)
		if err != nil {
			return InventoryOut{}, err
		}
		out.New = len(inventory.Since(before.Sights, s.Sights))
	}
	out.Evidence, err = a.fileSurvey(ctx, s)
	return out, err
}

// Cut takes away what the inventory that Evidence names found of the vendor's, each thing once. What fails
// does not keep the rest waiting: it is found again.
func (a *Activities) Cut(ctx context.Context, in InventoryIn) (CutOut, error) {
	var roster inventory.Roster
	err := a.readJSON(ctx, in.Roster, "a roster", &roster)
	if err != nil {
		return CutOut{}, err
	}
	found, err := a.survey(ctx, in.Evidence, surveyKind)
	if err != nil {
		return CutOut{}, err
	}
	var out CutOut
	var all []inventory.Finding
	for _, s := range found.Sights {
		for _, f := range s.Findings {
			if roster.Takes(f) {
				all = append(all, f)
			} else {
				out.HeldBack++
			}
		}
	}
	if a.Survey == nil {
		out.Left = len(all)
		return out, nil
	}
	s, at, err := a.surveyed(ctx, survey{Kind: surveyKind, Did: "cut", Roster: in.Roster, About: in.Evidence})
	if err != nil {
		return CutOut{}, err
	}
	for at.Done < len(all) {
		f := all[at.Done]
		sight, err := a.Survey.Cut(ctx, roster, f)
		if err != nil && (pauses(err) || ctx.Err() != nil) {
			return CutOut{}, outside(fmt.Errorf("one access is not cut: %w", err))
		}
		if err != nil {
			sight = inventory.Sight{Place: f.Place, Verdict: entitlement.VerdictNotCheckable, Findings: []inventory.Finding{f}, Doubts: []entitlement.Doubt{entitlement.DoubtRefused}}
		}
		at.Done++
		at, err = a.gotOn(ctx, &s, at, []inventory.Sight{sight}, nil)
		if err != nil {
			return CutOut{}, err
		}
	}
	for _, x := range s.Sights {
		if x.Verdict == entitlement.VerdictClean {
			out.Cut++
		} else {
			out.Left++
		}
	}
	out.Evidence, err = a.fileSurvey(ctx, s)
	return out, err
}

// cursor is how far a survey has come, as heartbeats carry it: no names.
type cursor struct {
	Part string `json:"part"` // digest of the newest part
	Done int    `json:"done"` // repositories looked at, or findings cut
}

// surveyed is what an attempt before this one had come to, read from its parts.
func (a *Activities) surveyed(ctx context.Context, s survey) (survey, cursor, error) {
	var at cursor
	if !activity.HasHeartbeatDetails(ctx) || activity.GetHeartbeatDetails(ctx, &at) != nil || at.Part == "" {
		return s, cursor{}, nil
	}
	var parts []survey
	for digest := at.Part; digest != ""; {
		p, err := a.survey(ctx, digest, surveyPartKind)
		if err != nil {
			return s, cursor{}, err
		}
		if p.Roster != s.Roster || p.About != s.About || p.Did != s.Did {
			return s, cursor{}, temporal.NewNonRetryableApplicationError("the part is not of this inventory", ErrUnreadable, nil)
		}
		parts, digest = append(parts, p), p.Before
	}
	for _, p := range slices.Backward(parts) {
		s.Repositories, s.Sights = append(s.Repositories, p.Repositories...), append(s.Sights, p.Sights...)
	}
	return s, at, nil
}

// gotOn keeps what was seen as a part, and says so to the engine: whoever goes on begins
// after it. Parts are chained, so that each is as long as what it is about.
func (a *Activities) gotOn(ctx context.Context, s *survey, at cursor, sights []inventory.Sight, repositories []inventory.Repository) (cursor, error) {
	p := survey{Kind: surveyPartKind, Did: s.Did, Roster: s.Roster, About: s.About, Before: at.Part, Repositories: repositories, Sights: sights}
	digest, err := a.fileSurvey(ctx, p)
	if err != nil {
		return at, err
	}
	s.Sights, at.Part = append(s.Sights, sights...), digest
	activity.RecordHeartbeat(ctx, at)
	return at, nil
}

// survey reads a document of an inventory.
func (a *Activities) survey(ctx context.Context, digest, kind string) (survey, error) {
	var s survey
	err := a.readUpTo(ctx, digest, "an inventory", mostSurvey, &s)
	if err == nil && s.Kind != kind {
		err = temporal.NewNonRetryableApplicationError("the document is no inventory", ErrUnreadable, nil)
	}
	return s, err
}

func (a *Activities) fileSurvey(ctx context.Context, s survey) (string, error) {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return "", fmt.Errorf("writing down an inventory: %w", err)
	}
	p, err := a.Filing.Put(ctx, bytes.NewReader(append(text, '\n')), mostSurvey)
	if err != nil {
		return "", outside(fmt.Errorf("filing an inventory: %w", err))
	}
	return p.Digest, nil
}

// words are what a form says, all of it; of a document that is no form its own text.
func (a *Activities) words(ctx context.Context, digest string) (string, error) {
	_, r, err := a.Archive.Get(ctx, digest)
	if err != nil {
		return "", outside(fmt.Errorf("opening the exit plan: %w", err))
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, mostSheet))
	if err != nil {
		return "", outside(fmt.Errorf("reading the exit plan: %w", err))
	}
	var sheet engagement.Sheet
	if json.Unmarshal(text, &sheet) != nil || len(sheet.Lines) == 0 {
		return string(text), nil
	}
	var all []string
	for _, l := range sheet.Lines {
		all = append(append(all, l.Words), l.Finding.Choices...)
	}
	return strings.Join(all, "\n"), nil
}

// pauses reports whether an error says when to try again.
func pauses(err error) bool {
	var later interface{ RetryAfter() time.Duration }
	return errors.As(err, &later)
}

// unseen are all places where nothing could be called.
func unseen(r inventory.Roster) []inventory.Count {
	counts := r.CountsOf(nil)
	for i := range counts {
		counts[i].Doubts = []entitlement.Doubt{entitlement.DoubtNotSetUp}
	}
	return counts
}

// unseenAt are the places of a repository that could not be looked at.
func unseenAt(r inventory.Roster) []inventory.Sight {
	var all []inventory.Sight
	for _, p := range inventory.RepositoryPlaces() {
		if p != inventory.PlacePushes || !r.Cut.IsZero() {
			all = append(all, inventory.Sight{Place: p, Verdict: entitlement.VerdictNotCheckable, Doubts: []entitlement.Doubt{entitlement.DoubtRefused}})
		}
	}
	return all
}
