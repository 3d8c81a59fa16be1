package assembly

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"gangway/activities"
	"gangway/config"
	"gangway/internal/custody"
	"gangway/internal/dossier"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
	"gangway/internal/github"
	"gangway/internal/inventory"
	"gangway/internal/outbox"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/internal/web"
	"gangway/workflows"
)

// rehearsing is what drills do their work with. Nothing here can change a system: GitHub is
// read by a client that refuses whatever changes anything before it leaves, what would be
// cut or handed over is put down instead, and of the channels our own people alone are
// told, of what a drill asks them. Whatever else would have gone out is filed.
func (h *House) rehearsing() activities.Activities {
	held := withheld{record: h.Archive}
	acts := activities.Activities{Archive: h.Archive, Filing: h.Archive, Calendars: library{}, Invitations: held}
	for _, m := range h.messengers() {
		if _, page := m.(web.Board); !page { // which only shows what is in the record
			m = drillChannel{channel: m, asked: h.Archive, held: held}
		}
		acts.Messengers = append(acts.Messengers, m)
	}
	if h.looks != nil { // an interface around nil would look like a GitHub
		acts.Survey, acts.Mover = drillSurvey{github.NewSurveyor(h.looks)}, drillMover{github.NewMover(h.looks, github.Copying{Folder: h.copies})}
	}
	return acts
}

// lookAtGitHub sets up a client that can only read; nil where a deployment has no GitHub.
func lookAtGitHub(g config.GitHub) (*github.Client, error) {
	if g.Organisation == "" {
		return nil, nil
	}
	to := githubConnection(g)
	to.ReadOnly = true
	c, err := github.NewClient(to)
	if err != nil {
		return nil, fmt.Errorf("reading what drills are told of GitHub: %w", err)
	}
	return c, nil
}

// copiesIn is where copies of repositories are made in a data folder: what is temporary on
// a machine is often its memory.
func copiesIn(dir string) string { return filepath.Join(dir, "copies") }

// workers are one that does the work, and one beside it for drills.
type workers struct {
	worker.Worker
	drills worker.Worker
}

// Start starts both, or none.
func (w workers) Start() error {
	err := w.Worker.Start()
	if err != nil {
		return err
	}
	err = w.drills.Start()
	if err != nil {
		w.Worker.Stop()
	}
	return err
}

// Run runs both until the channel says so.
func (w workers) Run(interrupt <-chan any) error {
	err := w.drills.Start()
	if err != nil {
		return err
	}
	defer w.drills.Stop()
	return w.Worker.Run(interrupt)
}

// Stop stops both.
func (w workers) Stop() {
	w.drills.Stop()
	w.Worker.Stop()
}

// drillsAtOnce bounds what drills do at one moment: they give way to the real work.
const drillsAtOnce = 4

// drillWorker does what drills ask of the world. Every activity is there, and of the
// processes none: those of a drill are the others'.
func drillWorker(engine client.Client, acts *activities.Activities) worker.Worker {
	w := worker.New(engine, workflows.DrillQueue, worker.Options{
		DisableWorkflowWorker:              true,
		WorkerStopTimeout:                  20 * time.Second,
		DisableRegistrationAliasing:        true,
		MaxConcurrentActivityExecutionSize: drillsAtOnce,
		MaxConcurrentActivityTaskPollers:   1,
		MaxHeartbeatThrottleInterval:       100 * time.Millisecond,
	})
	workflows.RegisterActivities(w, acts)
	return w
}

// drillChannel is a channel in a drill: it reaches our own people alone, and of what the
// drill asks them alone.
type drillChannel struct {
	channel activities.Messenger
	asked   interface {
		roster
		Request(ctx context.Context, id string) (review.Request, error)
	}
	held withheld
}

// Channel names it.
func (d drillChannel) Channel() string { return d.channel.Channel() }

// Show shows what the drill asks of our own, and files the rest.
func (d drillChannel) Show(ctx context.Context, n review.Notice) (bool, error) {
	ours, err := d.ours(ctx, n)
	if err != nil {
		return false, err
	}
	if !ours {
		process, _, _ := strings.Cut(n.ID, "/notice/")
		return false, d.held.file(ctx, n.Case, process, "notice", n.ID, n.At, n)
	}
	return d.channel.Show(ctx, n)
}

// ours reports whether a notice goes to one of our own, about a drill's tasks and nothing
// else.
func (d drillChannel) ours(ctx context.Context, n review.Notice) (bool, error) {
	p, _, err := d.asked.Person(ctx, n.Person)
	if err != nil && !gone(err) {
		return false, fmt.Errorf("looking up whom a drill would tell: %w", err)
	}
	if err != nil || !staff(p) || len(n.Requests) == 0 {
		return false, nil
	}
	for _, id := range n.Requests {
		r, err := d.asked.Request(ctx, id)
		if err != nil && !gone(err) {
			return false, fmt.Errorf("looking up what a drill asks: %w", err)
		}
		if err != nil || !r.Drill {
			return false, nil
		}
	}
	return true, nil
}

// Follow brings copies of what the drill asked up to date; there are no others.
func (d drillChannel) Follow(ctx context.Context, c review.Copy) error {
	r, err := d.asked.Request(ctx, c.Request)
	if err != nil && !gone(err) {
		return fmt.Errorf("looking up what a drill asked: %w", err)
	}
	if err != nil || !r.Drill {
		return nil
	}
	return d.channel.Follow(ctx, c)
}

// withheld files what would have gone out.
type withheld struct {
	record interface {
		Append(ctx context.Context, entries []dossier.Entry) error
		Put(ctx context.Context, r io.Reader, limit int64) (dossier.Paper, error)
	}
}

// mostWithheld bounds one of them, in bytes.
const mostWithheld = 1 << 20

// file files one thing, once for each id.
func (w withheld) file(ctx context.Context, caseID, process, what, id string, at time.Time, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("writing down what would have gone out: %w", err)
	}
	p, err := w.record.Put(ctx, bytes.NewReader(append(text, '\n')), mostWithheld)
	if err != nil {
		return fmt.Errorf("filing what would have gone out: %w", err)
	}
	e := dossier.Entry{ID: process + "#activity/" + what + "-" + id + "/1", Case: caseID, Process: process, Kind: dossier.Withheld, At: time.Now().UTC(), CaseAt: at,
		Detail: &dossier.Detail{Result: what, Document: p.Digest, Size: p.Size, Media: p.Media}}
	err = w.record.Append(ctx, []dossier.Entry{e})
	if err != nil {
		return fmt.Errorf("noting what would have gone out: %w", err)
	}
	return nil
}

// Invite puts nothing into anybody's calendar.
func (w withheld) Invite(ctx context.Context, l outbox.Letter) (bool, error) {
	if l.Meeting == nil {
		return false, errors.New("an invitation without a meeting is none")
	}
	return false, w.file(ctx, l.Case, l.Case, "invitation", l.Meeting.UID+"/"+l.Person, l.At, l)
}

// drillSurvey looks at GitHub, and takes nothing away.
type drillSurvey struct {
	looks interface {
		Organisation(ctx context.Context, r inventory.Roster) (inventory.Overview, error)
		Repository(ctx context.Context, r inventory.Roster, repo inventory.Repository) ([]inventory.Sight, error)
	}
}

// Organisation looks at what is the organisation's.
func (d drillSurvey) Organisation(ctx context.Context, r inventory.Roster) (inventory.Overview, error) {
	return d.looks.Organisation(ctx, r)
}

// Repository looks at what is one repository's.
func (d drillSurvey) Repository(ctx context.Context, r inventory.Roster, repo inventory.Repository) ([]inventory.Sight, error) {
	return d.looks.Repository(ctx, r, repo)
}

// Cut says what would be taken away. It is there still.
func (d drillSurvey) Cut(_ context.Context, _ inventory.Roster, f inventory.Finding) (inventory.Sight, error) {
	return inventory.Sight{Place: f.Place, RepositoryID: f.RepositoryID, Verdict: entitlement.VerdictFound,
		Findings: []inventory.Finding{f}, Doubts: []entitlement.Doubt{entitlement.DoubtRehearsed}}, nil
}

// drillMover copies and restores repositories, and hands none over.
type drillMover struct {
	looks interface {
		Keep(ctx context.Context, i custody.Item, before custody.Copy, file activities.FileCopy) (custody.Copy, error)
		Restore(ctx context.Context, c custody.Copy, open activities.OpenCopy) (custody.Restoration, error)
		Stand(ctx context.Context, i custody.Item, before custody.Passage) (custody.Passage, error)
		History(ctx context.Context, c custody.Copy, open activities.OpenCopy, read func(log io.Reader, files []string) error) (custody.Why, error)
	}
}

// Keep copies a repository: that only reads.
func (d drillMover) Keep(ctx context.Context, i custody.Item, before custody.Copy, file activities.FileCopy) (custody.Copy, error) {
	return d.looks.Keep(ctx, i, before, file)
}

// Restore restores a copy into an empty folder.
func (d drillMover) Restore(ctx context.Context, c custody.Copy, open activities.OpenCopy) (custody.Restoration, error) {
	return d.looks.Restore(ctx, c, open)
}

// Transfer says that a repository would be handed over.
func (d drillMover) Transfer(_ context.Context, i custody.Item, before custody.Passage) (custody.Passage, error) {
	before.Item, before.At, before.State, before.Why = i, time.Now().UTC(), exit.StateOpen, custody.WhyRehearsed
	return before, nil
}

// Stand looks where a repository is.
func (d drillMover) Stand(ctx context.Context, i custody.Item, before custody.Passage) (custody.Passage, error) {
	return d.looks.Stand(ctx, i, before)
}

// History hands over the log of a copy.
func (d drillMover) History(ctx context.Context, c custody.Copy, open activities.OpenCopy, read func(log io.Reader, files []string) error) (custody.Why, error) {
	return d.looks.History(ctx, c, open, read)
}

// staff reports whether somebody is one of our own.
func staff(p playbook.Person) bool { return p.Employer == "" && !p.Left }
