package activities

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"gangway/internal/custody"
	"gangway/internal/exit"
)

// FileCopy files a copy while it comes, and returns its digest and its bytes.
type FileCopy = func(ctx context.Context, r io.Reader) (digest string, size int64, err error)

// OpenCopy opens a copy that was filed.
type OpenCopy = func(ctx context.Context, digest string) (io.ReadCloser, error)

// Mover is what activities need of the system that repositories are kept in. What it
// can't do for good stands in what it returns, as a state and why; an error is worth
// another try. Doing the same again changes nothing.
type Mover interface {
	// Keep copies a repository and what belongs to it, and files each copy. before is the
	// copy that is known of it: where that still is the same, nothing is copied.
	Keep(ctx context.Context, i custody.Item, before custody.Copy, file FileCopy) (custody.Copy, error)
	// Restore restores a copy into an empty folder, and compares.
	Restore(ctx context.Context, c custody.Copy, open OpenCopy) (custody.Restoration, error)
	// Transfer asks for a repository to be handed over to the client, once, and watches
	// it for a while. before is what is known of it.
	Transfer(ctx context.Context, i custody.Item, before custody.Passage) (custody.Passage, error)
	// Stand looks where a repository is, and changes nothing.
	Stand(ctx context.Context, i custody.Item, before custody.Passage) (custody.Passage, error)
	// History hands over the log of a copy, as authorship wants it, and the files of today.
	History(ctx context.Context, c custody.Copy, open OpenCopy, read func(log io.Reader, files []string) error) (custody.Why, error)
}

// RepositoriesIn names repositories by the list that has their names.
type RepositoriesIn struct {
	// List is the digest of a custody.List, or of the form of an exit plan.
	List string `json:"list"`
	// Assets are ids within it; none: all.
	Assets []string `json:"assets,omitempty"`
	// Evidence is the digest that the call before this one gave back, of whichever of these
	// activities; empty: there was none.
	Evidence string `json:"evidence,omitempty"`
}

// RepositoriesOut says what came of each.
type RepositoriesOut struct {
	Repositories []RepositoryStanding `json:"repositories"`
	// Evidence is the digest of the custody.Evidence that says it with names.
	Evidence string `json:"evidence,omitempty"`
}

// RepositoryStanding is how it stands with one repository, without what it is called.
type RepositoryStanding struct {
	Asset string      `json:"asset"`
	State exit.State  `json:"state"`
	Why   custody.Why `json:"why,omitempty"`
	// Needs are permissions that are missing: administration=write.
	Needs []string `json:"needs,omitempty"`
	// Parts are what it is made of: the repository itself, its wiki, its large files.
	Parts []repositoryPart `json:"parts,omitempty"`
	// Repeat: the inventory has to be taken again where it is now.
	Repeat bool `json:"repeat,omitempty"`
	// Asked is when its transfer was asked for.
	Asked time.Time `json:"asked,omitzero"`
}

// repositoryPart is one of its parts. Found counts what a list has, or objects.
type repositoryPart struct {
	Kind     exit.AssetKind `json:"kind"`
	State    exit.State     `json:"state"`
	Why      custody.Why    `json:"why,omitempty"`
	Document string         `json:"document,omitempty"`
	Found    int            `json:"found,omitempty"`
}

// mostEvidence bounds what is known of the repositories of an exit, in bytes, and
// mostCopy one copy.
const (
	mostEvidence = 64 << 20
	mostCopy     = 16 << 30
)

// KeepRepositories copies repositories, and files the copies.
func (a *Activities) KeepRepositories(ctx context.Context, in RepositoriesIn) (RepositoriesOut, error) {
	work := func(ctx context.Context, i custody.Item, e *custody.Evidence) error {
		c, err := a.Mover.Keep(ctx, i, e.CopyOf(i.Asset), a.fileCopy)
		if err == nil {
			e.AddCopy(c)
		}
		return err
	}
	return a.repositories(ctx, in, work, func(e custody.Evidence, asset string) RepositoryStanding {
		c := e.CopyOf(asset)
		return RepositoryStanding{Asset: asset, State: c.State, Why: c.Why, Needs: c.Needs, Parts: partsOf(c.Parts)}
	})
}

// RestoreRepositories restores copies that were kept, and says whether they are whole.
func (a *Activities) RestoreRepositories(ctx context.Context, in RepositoriesIn) (RepositoriesOut, error) {
	work := func(ctx context.Context, i custody.Item, e *custody.Evidence) error {
		c := e.CopyOf(i.Asset)
		if c.State != exit.StateDone {
			e.AddRestoration(custody.Restoration{Asset: i.Asset, State: exit.StateNotCheckable, Why: custody.WhyNoCopy})
			return nil
		}
		r, err := a.Mover.Restore(ctx, c, a.openCopy)
		if err == nil {
			e.AddRestoration(r)
		}
		return err
	}
	return a.repositories(ctx, in, work, func(e custody.Evidence, asset string) RepositoryStanding {
		r := e.RestorationOf(asset)
		return RepositoryStanding{Asset: asset, State: r.State, Why: r.Why, Parts: partsOf(r.Parts)}
	})
}

// TransferRepositories asks for repositories to be handed over, and watches them for a
// while: RepositoriesStand watches on.
func (a *Activities) TransferRepositories(ctx context.Context, in RepositoriesIn) (RepositoriesOut, error) {
	return a.passages(ctx, in, Mover.Transfer)
}

// RepositoriesStand says where repositories are now, by their number and their owner.
func (a *Activities) RepositoriesStand(ctx context.Context, in RepositoriesIn) (RepositoriesOut, error) {
	return a.passages(ctx, in, Mover.Stand)
}

func (a *Activities) passages(ctx context.Context, in RepositoriesIn, do func(Mover, context.Context, custody.Item, custody.Passage) (custody.Passage, error)) (RepositoriesOut, error) {
	work := func(ctx context.Context, i custody.Item, e *custody.Evidence) error {
		p, err := do(a.Mover, ctx, i, e.PassageOf(i.Asset))
		if err == nil {
			e.AddPassage(p)
		}
		return err
	}
	return a.repositories(ctx, in, work, func(e custody.Evidence, asset string) RepositoryStanding {
		p := e.PassageOf(asset)
		return RepositoryStanding{Asset: asset, State: p.State, Why: p.Why, Needs: p.Needs, Repeat: p.Repeat, Asked: p.Asked}
	})
}

func partsOf(parts []custody.Part) []repositoryPart {
	var out []repositoryPart
	for _, p := range parts {
		out = append(out, repositoryPart{Kind: p.Kind, State: p.State, Why: p.Why, Document: p.Document, Found: max(p.Objects, len(p.Entries))})
	}
	return out
}

// repositoryProgress is what an attempt that was killed leaves to the next: what is known,
// and of which assets it did its work.
type repositoryProgress struct {
	Evidence string   `json:"evidence"`
	Assets   []string `json:"assets"`
}

// repositories does work on each repository that is meant, one after the other. What is
// known is filed after each, so that an attempt that ends repeats one at most.
func (a *Activities) repositories(ctx context.Context, in RepositoriesIn, work func(context.Context, custody.Item, *custody.Evidence) error,
	standing func(custody.Evidence, string) RepositoryStanding) (RepositoriesOut, error) {
	items, err := a.items(ctx, in)
	if err != nil {
		return RepositoriesOut{}, err
	}
	var out RepositoriesOut
	for _, id := range in.unlisted(items) {
		out.Repositories = append(out.Repositories, RepositoryStanding{Asset: id, State: exit.StateNotCheckable, Why: custody.WhyNotListed})
	}
	if a.Mover == nil {
		for _, i := range items {
			out.Repositories = append(out.Repositories, RepositoryStanding{Asset: i.Asset, State: exit.StateNotCheckable, Why: custody.WhyNotSetUp})
		}
		out.Evidence = in.Evidence
		return out, nil
	}
	e, at, err := a.eachRepository(ctx, repositoryProgress{Evidence: in.Evidence}, items, work)
	if err != nil {
		return RepositoriesOut{}, err
	}
	for _, i := range items {
		out.Repositories = append(out.Repositories, standing(e, i.Asset))
	}
	out.Evidence = at.Evidence
	return out, nil
}

// eachRepository goes through items from where an earlier attempt came to.
func (a *Activities) eachRepository(ctx context.Context, at repositoryProgress, items []custody.Item, work func(context.Context, custody.Item, *custody.Evidence) error) (custody.Evidence, repositoryProgress, error) {
	if activity.IsActivity(ctx) && activity.HasHeartbeatDetails(ctx) {
		var before repositoryProgress
		if activity.GetHeartbeatDetails(ctx, &before) == nil && before.Evidence != "" {
			at = before
		}
	}
	e, err := a.knownOf(ctx, at.Evidence)
	if err != nil {
		return e, at, err
	}
	for _, i := range items {
		if slices.Contains(at.Assets, i.Asset) {
			continue
		}
		stop := beating(ctx, at)
		err := work(ctx, i, &e)
		stop()
		if err != nil {
			return e, at, outside(fmt.Errorf("one repository is not worked on: %w", err))
		}
		if at.Evidence, err = a.fileKnown(ctx, e); err != nil {
			return e, at, err
		}
		at.Assets = append(slices.Clone(at.Assets), i.Asset)
		beat(ctx, at)
	}
	return e, at, nil
}

// beatEvery is how often an attempt says that it lives.
const beatEvery = 10 * time.Second

// beating says so until it is stopped.
func beating(ctx context.Context, at repositoryProgress) (stop func()) {
	beat(ctx, at)
	ticker, done, ended := time.NewTicker(beatEvery), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ticker.C:
				beat(ctx, at)
			case <-done:
				return
			}
		}
	}()
	return func() { ticker.Stop(); close(done); <-ended }
}

// beat tells the engine how far an attempt is, where there is one.
func beat(ctx context.Context, at repositoryProgress) {
	if activity.IsActivity(ctx) {
		activity.RecordHeartbeat(ctx, at)
	}
}

// items reads those of the list that are meant, in the order in which they are.
func (a *Activities) items(ctx context.Context, in RepositoriesIn) ([]custody.Item, error) {
	var text json.RawMessage
	err := a.readJSON(ctx, in.List, "a list of repositories", &text)
	if err != nil {
		return nil, err
	}
	all, err := custody.ItemsIn(text)
	if err != nil { // its words name nobody
		return nil, temporal.NewNonRetryableApplicationError(err.Error(), ErrUnreadable, err)
	}
	if len(in.Assets) == 0 {
		return all, nil
	}
	var some []custody.Item
	for _, id := range in.Assets {
		i := slices.IndexFunc(all, func(x custody.Item) bool { return x.Asset == id })
		if i >= 0 {
			some = append(some, all[i])
		}
	}
	return some, nil
}

// unlisted are the assets that are meant and that the list does not name: a plan may call
// a repository by words that are no name. Nothing can be done for them, and the others go
// on.
func (in RepositoriesIn) unlisted(items []custody.Item) []string {
	return slices.DeleteFunc(slices.Clone(in.Assets), func(id string) bool {
		return slices.ContainsFunc(items, func(i custody.Item) bool { return i.Asset == id })
	})
}

// knownOf is what is known of the repositories.
func (a *Activities) knownOf(ctx context.Context, digest string) (custody.Evidence, error) {
	e := custody.Evidence{Kind: custody.EvidenceKind}
	if digest == "" {
		return e, nil
	}
	const what = "what is known of repositories"
	r, err := a.openCopy(ctx, digest)
	if err != nil {
		return e, outside(fmt.Errorf("opening %s: %w", what, err))
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, mostEvidence+1))
	if err != nil {
		return e, outside(fmt.Errorf("reading %s: %w", what, err))
	}
	if len(text) > mostEvidence || json.Unmarshal(text, &e) != nil || e.Kind != custody.EvidenceKind {
		return e, temporal.NewNonRetryableApplicationError(what+" is not what it should be", ErrUnreadable, nil)
	}
	return e, nil
}

func (a *Activities) fileKnown(ctx context.Context, e custody.Evidence) (string, error) {
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing down what is known of repositories: %w", err)
	}
	p, err := a.Filing.Put(ctx, bytes.NewReader(append(text, '\n')), mostEvidence)
	if err != nil {
		return "", outside(fmt.Errorf("filing what is known of repositories: %w", err))
	}
	return p.Digest, nil
}

// fileCopy files a copy while it comes.
func (a *Activities) fileCopy(ctx context.Context, r io.Reader) (string, int64, error) {
	p, err := a.Filing.Put(ctx, r, mostCopy)
	return p.Digest, p.Size, err
}

// openCopy opens a copy that was filed.
func (a *Activities) openCopy(ctx context.Context, digest string) (io.ReadCloser, error) {
	_, r, err := a.Archive.Get(ctx, digest)
	return r, err
}
