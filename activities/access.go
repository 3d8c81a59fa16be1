package activities

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/entitlement"
)

// Access is what activities need of the system in which people of a vendor get access
// to code. Doing the same again changes nothing; what is refused for good stands in
// the Standing, and an error is worth another try.
type Access interface {
	// Grant invites somebody, or lets them in at once.
	Grant(ctx context.Context, g entitlement.Grant) (entitlement.Standing, error)
	// Remove takes it away again, and looks whether it is gone.
	Remove(ctx context.Context, g entitlement.Grant) (entitlement.Standing, error)
	// Look changes nothing.
	Look(ctx context.Context, g entitlement.Grant) (entitlement.Standing, error)
}

// Filing keeps what an activity found out, as a document.
type Filing interface {
	Put(ctx context.Context, r io.Reader, limit int64) (dossier.Paper, error)
}

// AccessIn names accesses by the form in which they were asked for. Logins stay in
// documents.
type AccessIn struct {
	// Sheet is the form's digest, or that of the evidence of a call before, which knows
	// its form: then nothing else needs to be kept.
	Sheet string `json:"sheet"`
	// Grants are ids of entitlement.Grant within the sheet; none: all.
	Grants []string `json:"grants,omitempty"`
	// Evidence is the digest that the call before this one gave back; empty: there was
	// none. It knows accounts by their numbers, which stay when logins change.
	Evidence string `json:"evidence,omitempty"`
}

// AccessOut says how each access stands.
type AccessOut struct {
	Standings []AccessStanding `json:"standings"`
	// Evidence is the digest of the document that says it with names, calls and times;
	// empty where nothing could be called.
	Evidence string `json:"evidence,omitempty"`
}

// AccessStanding is an entitlement.Standing without whom and what it is about.
type AccessStanding struct {
	Grant     string                 `json:"grant"`
	Until     time.Time              `json:"until"`
	Verdict   entitlement.Verdict    `json:"verdict"`
	Footholds []entitlement.Foothold `json:"footholds,omitempty"`
	Doubts    []entitlement.Doubt    `json:"doubts,omitempty"`
	// Needs are permissions that are missing: members=write.
	Needs []string `json:"needs,omitempty"`
}

// accessEvidence is what the document of a call holds: its own standings, and of
// accesses that it was not about those of before.
type accessEvidence struct {
	Kind      string                 `json:"kind"`
	Did       string                 `json:"did"` // granted, removed, looked at
	Sheet     string                 `json:"sheet"`
	Standings []entitlement.Standing `json:"standings"`
}

// evidenceKind says what the document is.
const evidenceKind = "gangway access evidence 1"

// mostSheet bounds a form that is read, and evidence, in bytes.
const mostSheet = 4 << 20

// GrantAccess gives the accesses of a form: people are invited, or let in at once.
func (a *Activities) GrantAccess(ctx context.Context, in AccessIn) (AccessOut, error) {
	if a.Access == nil {
		return a.access(ctx, in, "granted", nil)
	}
	return a.access(ctx, in, "granted", a.Access.Grant)
}

// RemoveAccess takes accesses away, and says whether they are gone. It can take a
// while: what is found is looked at again later.
func (a *Activities) RemoveAccess(ctx context.Context, in AccessIn) (AccessOut, error) {
	if a.Access == nil {
		return a.access(ctx, in, "removed", nil)
	}
	return a.access(ctx, in, "removed", a.Access.Remove)
}

// ListAccess says how accesses stand.
func (a *Activities) ListAccess(ctx context.Context, in AccessIn) (AccessOut, error) {
	if a.Access == nil {
		return a.access(ctx, in, "looked at", nil)
	}
	return a.access(ctx, in, "looked at", a.Access.Look)
}

func (a *Activities) access(ctx context.Context, in AccessIn, did string, do func(context.Context, entitlement.Grant) (entitlement.Standing, error)) (AccessOut, error) {
	in, err := a.formOf(ctx, in)
	if err != nil {
		return AccessOut{}, err
	}
	grants, err := a.grants(ctx, in)
	if err != nil {
		return AccessOut{}, err
	}
	e := accessEvidence{Kind: evidenceKind, Did: did, Sheet: in.Sheet}
	before, err := a.evidence(ctx, in)
	if err != nil {
		return AccessOut{}, err
	}
	for _, g := range grants {
		known := slices.IndexFunc(before, func(s entitlement.Standing) bool { return s.Grant == g.ID })
		if known >= 0 {
			g.Account, g.Joined = before[known].Account, before[known].Joined
			if g.Account != 0 { // as it was called when it was last seen
				g.Login = before[known].Login
			}
			before = slices.Delete(before, known, known+1)
		}
		s := entitlement.Standing{Grant: g.ID, Until: g.Until, Verdict: entitlement.VerdictNotCheckable, Doubts: []entitlement.Doubt{entitlement.DoubtNotSetUp}}
		if do != nil {
			if s, err = do(ctx, g); err != nil {
				return AccessOut{}, outside(fmt.Errorf("one access is not %s: %w", did, err))
			}
		}
		e.Standings = append(e.Standings, s)
	}
	var out AccessOut
	for _, s := range e.Standings {
		out.Standings = append(out.Standings, AccessStanding{Grant: s.Grant, Until: s.Until, Verdict: s.Verdict, Footholds: s.Footholds, Doubts: s.Doubts, Needs: s.Needs})
	}
	if do == nil {
		out.Evidence = in.Evidence
		return out, nil
	}
	e.Standings = append(e.Standings, before...)
	out.Evidence, err = a.file(ctx, e)
	return out, err
}

// formOf finds the form where a call names evidence in its place.
func (a *Activities) formOf(ctx context.Context, in AccessIn) (AccessIn, error) {
	var e accessEvidence
	err := a.readJSON(ctx, in.Sheet, "an access form", &e)
	if err != nil || e.Kind != evidenceKind {
		return in, err
	}
	if in.Evidence == "" {
		in.Evidence = in.Sheet
	}
	in.Sheet = e.Sheet
	return in, nil
}

// grants reads those of the form that are meant.
func (a *Activities) grants(ctx context.Context, in AccessIn) ([]entitlement.Grant, error) {
	var sheet engagement.Sheet
	err := a.readJSON(ctx, in.Sheet, "an access form", &sheet)
	if err != nil {
		return nil, err
	}
	all, err := entitlement.GrantsIn(sheet)
	if err != nil { // its words name nobody
		return nil, temporal.NewNonRetryableApplicationError(err.Error(), ErrUnreadable, err)
	}
	if len(in.Grants) == 0 {
		return all, nil
	}
	var some []entitlement.Grant
	for _, id := range in.Grants {
		i := slices.IndexFunc(all, func(g entitlement.Grant) bool { return g.ID == id })
		if i < 0 {
			return nil, temporal.NewNonRetryableApplicationError("the form has no such access", ErrNotFound, nil)
		}
		some = append(some, all[i])
	}
	return some, nil
}

// evidence is what was found out before.
func (a *Activities) evidence(ctx context.Context, in AccessIn) ([]entitlement.Standing, error) {
	if in.Evidence == "" {
		return nil, nil
	}
	var e accessEvidence
	err := a.readJSON(ctx, in.Evidence, "what is known of accesses", &e)
	if err != nil {
		return nil, err
	}
	if e.Kind != evidenceKind || e.Sheet != in.Sheet {
		return nil, temporal.NewNonRetryableApplicationError("the evidence is not about this form", ErrUnreadable, nil)
	}
	return e.Standings, nil
}

// readJSON reads a document; its faults say which, and quote nothing of it.
func (a *Activities) readJSON(ctx context.Context, digest, what string, to any) error {
	return a.readUpTo(ctx, digest, what, mostSheet, to)
}

// readUpTo reads a document of at most so many bytes.
func (a *Activities) readUpTo(ctx context.Context, digest, what string, most int64, to any) error {
	_, r, err := a.Archive.Get(ctx, digest)
	if err != nil {
		return outside(fmt.Errorf("opening %s: %w", what, err))
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return outside(fmt.Errorf("reading %s: %w", what, err))
	}
	if int64(len(text)) > most || json.Unmarshal(text, to) != nil {
		return temporal.NewNonRetryableApplicationError(what+" is not what it should be", ErrUnreadable, nil)
	}
	return nil
}

// file keeps the evidence.
func (a *Activities) file(ctx context.Context, e accessEvidence) (string, error) {
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing down how accesses stand: %w", err)
	}
	p, err := a.Filing.Put(ctx, bytes.NewReader(append(text, '\n')), mostSheet)
	if err != nil {
		return "", outside(fmt.Errorf("filing how accesses stand: %w", err))
	}
	return p.Digest, nil
}
