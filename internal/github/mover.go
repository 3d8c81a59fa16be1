package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gangway/internal/authorship"
	"gangway/internal/custody"
	"gangway/internal/entitlement"
	"gangway/internal/exit"
)

// Copying is how repositories are copied.
type Copying struct {
	// Git is the program; empty: the one that the machine has.
	Git string
	// Folder is where copies are worked on, made where it is not there; empty: the
	// machine's own for such things.
	Folder string
	// Host is the base of addresses that git fetches from; empty: that of the API's.
	Host string
	// Most is how large one repository may be, mirror and bundle together, in bytes; 0:
	// 32 GiB.
	Most int64
	// Patience bounds the work on one copy; 0: two hours.
	Patience time.Duration
	// Watched bounds how long one transfer is watched before it is left to be looked at
	// again; 0: five minutes.
	Watched time.Duration
	// Look is how often sizes are looked at; 0: every second.
	Look time.Duration
}

const (
	mostMirror     = 32 << 30
	copyPatience   = 2 * time.Hour
	transferTime   = 5 * time.Minute
	watchFirst     = 2 * time.Second
	watchMost      = 30 * time.Second
	acceptanceDays = 24 * time.Hour // how long a person has to accept a transfer
)

// Mover copies repositories with git, restores the copies, and has repositories handed
// over to the client's organisation.
type Mover struct {
	c *Client
	o Copying
}

// NewMover works with a client.
func NewMover(c *Client, o Copying) *Mover {
	if o.Most <= 0 {
		o.Most = mostMirror
	}
	if o.Patience <= 0 {
		o.Patience = copyPatience
	}
	if o.Watched <= 0 {
		o.Watched = transferTime
	}
	if o.Look <= 0 {
		o.Look = time.Second
	}
	if o.Git == "" {
		o.Git = "git"
	}
	if o.Host == "" {
		o.Host = hostOf(c.base.Scheme, c.base.Host, c.base.Path)
	}
	o.Host = strings.TrimSuffix(o.Host, "/") + "/"
	return &Mover{c: c, o: o}
}

// hostOf is where git finds repositories, from where the API is: on github.com at another
// name, on an Enterprise Server beside it.
func hostOf(scheme, host, path string) string {
	if host == "api.github.com" {
		return "https://github.com/"
	}
	return scheme + "://" + host + strings.TrimSuffix(strings.TrimSuffix(path, "/"), "/api/v3") + "/"
}

// begin makes a folder for some work; an empty why: git is there.
func (m *Mover) begin(ctx context.Context) (context.Context, git, func() error, custody.Why, error) {
	program, err := exec.LookPath(m.o.Git)
	if err != nil {
		return ctx, git{}, nil, custody.WhyNoGit, nil
	}
	if m.o.Folder != "" {
		if err := os.MkdirAll(m.o.Folder, 0o700); err != nil {
			return ctx, git{}, nil, "", fmt.Errorf("making a folder for copies: %w", failing(err))
		}
		m.sweep()
	}
	folder, err := os.MkdirTemp(m.o.Folder, workPrefix)
	if err != nil {
		return ctx, git{}, nil, "", fmt.Errorf("making a folder for a copy: %w", failing(err))
	}
	if folder, err = filepath.Abs(folder); err != nil { // git is run within it
		return ctx, git{}, nil, "", fmt.Errorf("finding the folder of a copy: %w", failing(err))
	}
	ctx, cancel := context.WithTimeoutCause(ctx, m.o.Patience, &gitError{did: "for so long", why: custody.WhyTooSlow})
	end := func() error { cancel(); return failing(os.RemoveAll(folder)) }
	return ctx, git{program: program, folder: folder, host: m.o.Host, most: m.o.Most, look: m.o.Look}, end, "", nil
}

// workPrefix begins the folders of work.
const workPrefix = "gangway-copy-"

// sweep removes what workers left that were killed: nothing is worked on for longer than
// patience. By the machine's clock, which writes the times of folders.
func (m *Mover) sweep() {
	all, err := os.ReadDir(m.o.Folder)
	if err != nil {
		return // whoever makes one there says it
	}
	for _, d := range all {
		info, err := d.Info()
		if err == nil && strings.HasPrefix(d.Name(), workPrefix) && time.Since(info.ModTime()) > 2*m.o.Patience {
			_ = os.RemoveAll(filepath.Join(m.o.Folder, d.Name())) // tried again with the next
		}
	}
}

// ownerOf is who has a repository: the client where the list names nobody.
func (m *Mover) ownerOf(i custody.Item) string {
	if i.Repository.Owner == "" {
		return m.c.o.Organisation
	}
	return i.Repository.Owner
}

// Keep copies a repository, its wiki and its large files, lists its releases, packages and
// the names of its secrets, and files the copies. What a copy of before has whole, as the digest of the
// refs says that GitHub shows now, is not copied again.
func (m *Mover) Keep(ctx context.Context, i custody.Item, before custody.Copy, file func(context.Context, io.Reader) (string, int64, error)) (c custody.Copy, err error) {
	c = custody.Copy{Item: i, At: m.c.o.Now().UTC(), State: exit.StateNotCheckable}
	ctx, g, end, why, err := m.begin(ctx)
	if err != nil || why != "" {
		c.Why = why
		return c, err
	}
	defer func() { err = errors.Join(err, end()) }()
	ctx, t := trailing(ctx)
	err = slow(ctx, m.keep(ctx, g, &c, before, file))
	c.Calls = t.probes()
	return c, m.settle(err, &c.State, &c.Why, &c.Needs)
}

func (m *Mover) keep(ctx context.Context, g git, c *custody.Copy, before custody.Copy, file filing) error {
	l, err := m.c.Locate(ctx, m.ownerOf(c.Item), c.Repository.Name)
	if err != nil {
		return err
	}
	if c.Repository.ID != 0 && c.Repository.ID != l.ID {
		c.Why = custody.WhyOther
		return nil
	}
	c.Repository.ID, c.Repository.Owner, c.Repository.Name = l.ID, l.Owner.Login, l.Name
	if g.token, err = m.c.signin.token(ctx, m.c); err != nil {
		return err
	}
	address := m.o.Host + l.Owner.Login + "/" + l.Name
	if before.Asset == c.Asset && before.Repository.ID == l.ID && g.same(ctx, before, address, l.Wiki) {
		c.State, c.At, c.Parts = before.State, before.At, before.Copied()
		return m.lists(ctx, c, l)
	}
	p, err := g.mirror(ctx, exit.AssetRepository, address+".git", file)
	if err != nil {
		return err
	}
	c.State, c.Why, c.Parts = p.State, p.Why, []custody.Part{p}
	if p.State != exit.StateDone {
		return nil
	}
	if l.Wiki {
		if err := m.wiki(ctx, g, c, address+".wiki.git", file); err != nil {
			return err
		}
	}
	large, err := g.large(ctx, address+".git", file)
	if err != nil {
		return err
	}
	if large.State != "" {
		c.Parts = append(c.Parts, large)
	}
	return m.lists(ctx, c, l)
}

// wiki copies a repository's wiki. That it is not there counts as none: the repository
// itself was read by the same sign-in a moment ago, and a wiki without a page is no
// repository.
func (m *Mover) wiki(ctx context.Context, g git, c *custody.Copy, address string, file filing) error {
	p, err := g.mirror(ctx, exit.AssetWiki, address, file)
	switch why := whyGit(err); {
	case why == custody.WhyHidden:
		return nil
	case why != "" && why != custody.WhyUnreadable:
		p.State, p.Why = exit.StateNotCheckable, why
	case err != nil:
		return err
	}
	c.Parts = append(c.Parts, p)
	return nil
}

// lists names the releases, the packages and the secrets: they are not copied, and what a
// secret is nobody is shown.
func (m *Mover) lists(ctx context.Context, c *custody.Copy, l Located) error {
	releases, err := m.c.Releases(ctx, l.Owner.Login, l.Name)
	p := custody.Part{Kind: exit.AssetRelease}
	for _, r := range releases.All {
		p.Entries = append(p.Entries, custody.Entry{ID: r.ID, Name: r.Tag})
		for _, a := range r.Assets {
			p.Entries = append(p.Entries, custody.Entry{ID: a.ID, Name: a.Name, Size: a.Size, Digest: a.Digest})
		}
	}
	if err := m.listed(c, p, releases.Partial, err); err != nil {
		return err
	}
	secrets, err := m.c.secrets(ctx, l.Owner.Login, l.Name)
	p = custody.Part{Kind: exit.AssetSecret}
	for _, x := range secrets.All {
		p.Entries = append(p.Entries, custody.Entry{Name: x.Name})
	}
	if err := m.listed(c, p, secrets.Partial, err); err != nil {
		return err
	}
	if l.Owner.Type != "Organization" { // of people's own accounts there is no such list
		return nil
	}
	packages, err := m.c.Packages(ctx, l.Owner.Login)
	p = custody.Part{Kind: exit.AssetPackage}
	for _, x := range packages.All {
		if x.Repository != nil && x.Repository.ID == l.ID {
			p.Entries = append(p.Entries, custody.Entry{ID: x.ID, Name: x.Kind + "/" + x.Name})
		}
	}
	return m.listed(c, p, packages.Partial, err)
}

// listed adds a list to a copy: open where it names something, since that is not copied.
func (m *Mover) listed(c *custody.Copy, p custody.Part, partial bool, err error) error {
	p.State = exit.StateNotNeeded
	if err != nil {
		if err := m.settle(err, &p.State, &p.Why, &c.Needs); err != nil {
			return err
		}
	}
	switch {
	case partial:
		p.State, p.Why = exit.StateNotCheckable, custody.WhyPartial
	case len(p.Entries) > 0:
		p.State, p.Why = exit.StateOpen, custody.WhyListed
	case err == nil:
		return nil
	}
	c.Parts = append(c.Parts, p)
	return nil
}

// settle makes a verdict of what trying again would not change.
func (m *Mover) settle(err error, state *exit.State, why *custody.Why, needs *[]string) error {
	if err == nil {
		return nil
	}
	e, ofCall := faultOf(err)
	var of *gitError
	switch {
	case ofCall && e.Permanent():
		*state, *why = exit.StateNotCheckable, whyFault(e)
		for _, need := range e.Needs {
			if !slices.Contains(*needs, need) {
				*needs = append(*needs, need)
			}
		}
		return nil
	case errors.As(err, &of) && of.Permanent():
		*state, *why = exit.StateNotCheckable, of.why
		if of.why == custody.WhyDamaged || of.why == custody.WhyDiffers {
			*state = exit.StateFailed
		}
		return nil
	}
	return err
}

func whyFault(e *CallError) custody.Why {
	if e.Fault == Faulty && e.Status == 0 { // it was not even asked for
		return custody.WhyNoName
	}
	switch doubtOf(e) {
	case entitlement.DoubtSignIn:
		return custody.WhySignIn
	case entitlement.DoubtPermission:
		return custody.WhyPermission
	case entitlement.DoubtHidden:
		return custody.WhyHidden
	case entitlement.DoubtMoved:
		return custody.WhyMoved
	}
	return custody.WhyRefused
}

// Restore clones each bundle of a copy into an empty folder, and compares: bytes, refs,
// objects, and git's own check.
func (m *Mover) Restore(ctx context.Context, c custody.Copy, open func(context.Context, string) (io.ReadCloser, error)) (r custody.Restoration, err error) {
	r = custody.Restoration{Asset: c.Asset, At: m.c.o.Now().UTC(), State: exit.StateNotCheckable}
	ctx, g, end, why, err := m.begin(ctx)
	if err != nil || why != "" {
		r.Why = why
		return r, err
	}
	defer func() { err = errors.Join(err, end()) }()
	if len(c.Parts) == 0 || c.Parts[0].State != exit.StateDone {
		r.Why = custody.WhyNoCopy
		return r, nil
	}
	r.State = exit.StateDone
	for _, p := range c.Parts {
		if p.Document == "" {
			continue
		}
		got, err := g.restored(ctx, p, open)
		err = slow(ctx, err)
		got.Kind, got.Document, got.Size = p.Kind, p.Document, p.Size
		var none []string
		if err := m.settle(err, &got.State, &got.Why, &none); err != nil {
			return r, err
		}
		r.Parts = append(r.Parts, got)
		if got.State != exit.StateDone {
			r.State, r.Why = got.State, got.Why
		}
	}
	if len(r.Parts) == 0 {
		r.Why = custody.WhyEmpty
	}
	return r, nil
}

// restored restores one part.
func (g git) restored(ctx context.Context, p custody.Part, open opening) (custody.Part, error) {
	if p.Kind == exit.AssetLFS {
		return g.largeRestored(ctx, p, open)
	}
	at, err := g.unbundled(ctx, p, open)
	if err != nil {
		return custody.Part{}, err
	}
	got, err := g.mirrored(ctx, p.Kind, at)
	if err == nil && got.State == exit.StateDone && (got.Refs != p.Refs || got.Objects != p.Objects || got.References != p.References) {
		got.State, got.Why = exit.StateFailed, custody.WhyDiffers
	}
	return got, err
}

// History hands over the log of a copy and the files of today.
func (m *Mover) History(ctx context.Context, c custody.Copy, open func(context.Context, string) (io.ReadCloser, error), read func(io.Reader, []string) error) (why custody.Why, err error) {
	ctx, g, end, why, err := m.begin(ctx)
	if err != nil || why != "" {
		return why, err
	}
	defer func() { err = errors.Join(err, end()) }()
	p := c.Part(exit.AssetRepository)
	if p.Document == "" {
		if p.Why == custody.WhyEmpty {
			return custody.WhyEmpty, nil
		}
		return custody.WhyNoCopy, nil
	}
	at, err := g.unbundled(ctx, p, open)
	if err == nil && p.Head != "" {
		err = g.run(ctx, "none", io.Discard, "-C", at, "symbolic-ref", "HEAD", p.Head)
	}
	if err == nil {
		err = g.log(ctx, at, authorship.LogFormat(), read)
	}
	var state exit.State
	var none []string
	return why, m.settle(slow(ctx, err), &state, &why, &none)
}

// slow is the error of what took too long, where that is why something ended.
func slow(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && whyGit(cause) != "" {
		return cause
	}
	return err
}
