package assembly

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"gangway/activities"
	"gangway/config"
	"gangway/internal/archive"
	"gangway/internal/desk"
	"gangway/internal/dossier"
	"gangway/internal/github"
	"gangway/internal/mail"
	"gangway/internal/outbox"
	"gangway/internal/papers"
	"gangway/internal/proof"
	"gangway/internal/web"
	"gangway/workflows"
)

// Options say where a house stands and what it shows.
type Options struct {
	// Dir holds the record, the documents and the keys.
	Dir string
	// Keys is the folder of the keys, called keys; empty: the one in Dir.
	Keys string
	// AccessKey is what links and codes are derived from; empty: the one in Keys.
	AccessKey []byte
	// Database is the URL of the record's PostgreSQL; empty: SQLite in Dir.
	Database string
	// Shared: several processes on this machine use Dir at once.
	Shared bool
	// PickPerson: one signs in by picking a person. For loopback alone.
	PickPerson bool
	// Hosts are the Host headers that the inbox answers to.
	Hosts []string
	// Address is the public URL that links begin with; empty where there is none.
	Address string
	// TrustProxy: whom a connection is from stands in X-Forwarded-For.
	TrustProxy bool
	// Mail is how mail leaves; without From none does.
	Mail config.Mail
	// Slack is how people are asked there; without App nobody is.
	Slack config.Slack
	// GitHub is where people of vendors get access to code; without Organisation it is
	// given by hand.
	GitHub config.GitHub
	// Client is who writes to vendors.
	Client config.Client
	// Documents is how the files that people send are read.
	Documents config.Documents
	// Aside is this program with what makes it read one PDF and end, for where there
	// is no pdftotext; empty: PDFs are unreadable there.
	Aside []string
	// LookupTXT asks the domain name system for the keys that mails are signed with;
	// nil: as the machine does.
	LookupTXT func(domain string) ([]string, error)
	// MailboxEvery is how often whoever reads the mailbox says that they still do;
	// after three times that somebody else reads. 0: 15 s.
	MailboxEvery time.Duration
	Log          *slog.Logger
}

// House is everything of gangway in one process, but for the engine.
type House struct {
	Archive *archive.Archive
	Desk    *desk.Desk
	Web     http.Handler
	// Mail is nil where none is sent.
	Mail *mail.Post

	// chat is nil where there is no Slack, mailbox where no mail is read.
	chat    *chat
	mailbox *mail.Reader
	// access is nil where there is no GitHub.
	access activities.Access
	// survey is the same GitHub, looked at as a whole.
	survey activities.Surveyor
	// mover is the same GitHub, whose repositories are copied and handed over.
	mover activities.Mover
	// looks is the same GitHub for drills, by a client that only reads; copies is where
	// they make copies.
	looks  *github.Client
	copies string
	engine client.Client
	keeper *proof.Keeper
	log    *slog.Logger
}

// Open opens the archive in o.Dir and hangs everything together. The engine may
// be away: what people say is queued until it is there.
func Open(ctx context.Context, engine client.Client, o Options) (*House, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a, err := archive.Open(ctx, archive.Options{Dir: o.Dir, Database: o.Database, Shared: o.Shared, Log: o.Log})
	if err != nil {
		return nil, fmt.Errorf("opening the archive: %w", err)
	}
	if o.Keys == "" {
		o.Keys = filepath.Join(o.Dir, "keys")
	}
	h, err := furnish(ctx, a, engine, o)
	if err != nil {
		_ = a.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	return h, nil
}

// furnish hangs the rooms of a house together, over its keys.
func furnish(ctx context.Context, a *archive.Archive, engine client.Client, o Options) (*House, error) {
	signing, err := signingKey(ctx, a, o.Keys)
	if err != nil {
		return nil, err
	}
	session, err := sessionKey(o.Keys)
	if err != nil {
		return nil, err
	}
	key := o.AccessKey
	if len(key) == 0 {
		key, err = config.AccessKey(o.Keys)
		if err != nil {
			return nil, fmt.Errorf("loading the access key: %w", err)
		}
	}
	s, to, slack := sealer{archive: a, key: signing}, &notes{}, &elsewhere{}
	p, err := post(a, key, to, slack, o)
	if err != nil {
		return nil, err
	}
	if o.Mail.Witness != "" {
		s.witness = p
	}
	do := desk.Options{Log: o.Log, PickPerson: o.PickPerson, Key: key, Address: o.Address, Papers: papersOf(o), Client: o.Client.Name, Phone: o.Client.Phone}
	if p != nil {
		do.Courier = p
	}
	client, err := openGitHub(o.GitHub)
	if err != nil {
		return nil, err
	}
	var access activities.Access
	var survey activities.Surveyor
	var mover activities.Mover
	if client != nil { // an interface around nil would look like a GitHub
		keeper := github.NewKeeper(client)
		access, survey, do.Access = keeper, github.NewSurveyor(client), keeper
		mover = github.NewMover(client, github.Copying{Folder: copiesIn(o.Dir)})
	}
	to.desk = desk.New(a, engine, library{}, s, do)
	slack.chat, err = openChat(a, to.desk, key, p, o)
	if err != nil {
		return nil, err
	}
	h := &House{Archive: a, Desk: to.desk, Mail: p, chat: slack.chat, access: access, survey: survey, mover: mover, engine: engine, log: o.Log, keeper: proof.NewKeeper(a, s, engine, o.Log)}
	h.mailbox, err = mailbox(a, to.desk, p, o)
	if err != nil {
		return nil, err
	}
	h.copies = copiesIn(o.Dir)
	h.looks, err = lookAtGitHub(o.GitHub)
	if err != nil {
		return nil, err
	}
	wo := web.Options{PickPerson: o.PickPerson, Hosts: o.Hosts, Gate: to.desk, Address: o.Address, Key: session, Log: o.Log,
		Portal: to.desk, VendorSide: to.desk, Outside: to.desk, Receiving: to.desk, Accesses: to.desk, MaxDocument: papers.MaxSize, ClientName: o.Client.Name, ClientPhone: o.Client.Phone}
	if p != nil { // an interface around nil would look like mail
		wo.Post = letters{a, p}
	}
	h.Web = alive(h.chat.behind(behindEvents(p, o.Mail.SendGrid.EventsKey != "", web.New(to.desk, wo))))
	if o.TrustProxy {
		h.Web = behindProxy(h.Web)
	}
	return h, nil
}

// signingKey loads the key, and notes in the register that it was made: when its
// file was written, so that two who open at once make the same entry.
func signingKey(ctx context.Context, a *archive.Archive, keys string) (*archive.Key, error) {
	key, err := archive.LoadKey(filepath.Dir(keys))
	if err != nil {
		return nil, fmt.Errorf("loading the signing key: %w", err)
	}
	file, err := os.Stat(filepath.Join(keys, "signing.key"))
	if err != nil {
		return nil, fmt.Errorf("looking when the signing key was made: %w", err)
	}
	e := key.Entry(file.ModTime())
	_, known, err := a.AnswerLine(ctx, e.Answer)
	if err != nil {
		return nil, fmt.Errorf("looking for the key in the register: %w", err)
	}
	if known {
		return key, nil
	}
	err = a.Append(ctx, []dossier.Entry{e})
	if err != nil {
		return nil, fmt.Errorf("noting the key in the register: %w", err)
	}
	return key, nil
}

// NewWorker returns a worker for the house's processes, not yet started, with another
// beside it for what drills do. A
// worker that was killed leaves its cached processes waiting for sticky; short
// values make the next answer quick.
func (h *House) NewWorker(sticky time.Duration) worker.Worker {
	w := worker.New(h.engine, workflows.TaskQueue, worker.Options{
		WorkerStopTimeout:                  20 * time.Second,
		StickyScheduleToStartTimeout:       sticky,
		DisableRegistrationAliasing:        true,
		MaxConcurrentActivityExecutionSize: 32,
		// What goes on after a kill where its last heartbeat was must not lose a minute's
		// worth of them, which is how long the engine's client keeps them back.
		MaxHeartbeatThrottleInterval: 100 * time.Millisecond,
		DeploymentOptions:            worker.DeploymentOptions{Version: worker.WorkerDeploymentVersion{DeploymentName: "gangway", BuildID: proof.Release()}},
	})
	acts := activities.Activities{Archive: h.Archive, Messengers: h.messengers(), Access: h.access, Survey: h.survey, Mover: h.mover, Filing: h.Archive, Calendars: library{}}
	if h.Mail != nil {
		acts.Invitations = h.Mail
	}
	workflows.Register(w, &acts)
	drills := h.rehearsing()
	return workers{Worker: w, drills: drillWorker(h.engine, &drills)}
}

// messengers are the inbox, which shows everything, and what tells people of it.
func (h *House) messengers() []activities.Messenger {
	tells := order{roster: h.Archive}
	if h.chat != nil {
		tells.channels = append(tells.channels, h.chat.app)
	}
	if h.Mail != nil {
		tells.channels = append(tells.channels, h.Mail)
	}
	return []activities.Messenger{web.Board{Roster: h.Archive}, tells}
}

// Run runs the loops that deliver, file, seal and send until ctx ends.
func (h *House) Run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { h.Desk.Run(ctx) })
	wg.Go(func() { h.keeper.Run(ctx) })
	wg.Go(func() { h.playDrills(ctx) })
	if h.Mail != nil {
		wg.Go(func() {
			err := h.Mail.Run(ctx)
			if err != nil {
				h.log.Error("the sending of mail ended", "error", err)
			}
		})
	}
	if h.mailbox != nil {
		wg.Go(func() { h.readMail(ctx) })
	}
	if h.chat != nil {
		wg.Go(func() {
			err := h.chat.app.Run(ctx)
			if err != nil {
				h.log.Error("the writing to Slack ended", "error", err)
			}
		})
		if h.chat.socket {
			wg.Go(func() { h.chat.listen(ctx) })
		}
	}
	wg.Wait()
}

// Close closes the archive; Run must have returned and workers be stopped.
func (h *House) Close() error { return h.Archive.Close() }

// sealer packs and seals with the house's key.
type sealer struct {
	archive *archive.Archive
	key     *archive.Key
	witness *mail.Post // nil: nobody is mailed checkpoints
}

// Export writes a case's dossier, signed now.
func (s sealer) Export(ctx context.Context, caseID string, w io.Writer) error {
	return s.archive.Export(ctx, caseID, s.key, time.Now(), w)
}

// Seal seals a case, and has its checkpoint mailed to the witness.
func (s sealer) Seal(ctx context.Context, caseID string) error {
	_, err := s.archive.SealCase(ctx, caseID, s.key, time.Now(), s.tell)
	return err
}

// tell puts the letter to the witness into the outbox. A rehearsal reaches nobody.
func (s sealer) tell(ctx context.Context, v dossier.CaseView, lines int) error {
	if s.witness == nil || v.Rehearsal {
		return nil
	}
	err := s.witness.PutLetter(ctx, outbox.Letter{ID: outbox.CheckpointID(v.ID, lines), Kind: outbox.Checkpoint, Person: outbox.Witness, Case: v.ID, Lines: lines})
	if err != nil {
		return fmt.Errorf("telling the witness: %w", err)
	}
	return nil
}

// Fingerprint names the key.
func (s sealer) Fingerprint() string { return s.key.Fingerprint() }
