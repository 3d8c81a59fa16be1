package github

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gangway/internal/custody"
	"gangway/internal/exit"
)

// mirrored is what is found in a mirror: its refs' digest, their number, that of the
// objects, and the branch that a clone begins with. refs/pull/* are among the refs.
func (g git) mirrored(ctx context.Context, kind exit.AssetKind, mirror string) (custody.Part, error) {
	p := custody.Part{Kind: kind, State: exit.StateDone}
	var faults lines
	if err := g.run(ctx, "none", &faults, "-C", mirror, "fsck", "--full", "--no-progress", "--no-dangling"); err != nil {
		if ctx.Err() != nil || whyGit(err) != custody.WhyUnreadable {
			return p, err
		}
		p.State, p.Why = exit.StateFailed, custody.WhyDamaged
		return p, nil
	}
	var refs bytesOf
	if err := g.run(ctx, "none", &refs, "-C", mirror, "for-each-ref", "--format=%(objectname) %(refname)"); err != nil {
		return p, err
	}
	p.Refs, p.References = refsDigest(string(refs))
	if p.References == 0 {
		p.Why = custody.WhyEmpty
		return p, nil
	}
	var objects lines
	if err := g.run(ctx, "none", &objects, "-C", mirror, "rev-list", "--objects", "--all"); err != nil {
		return p, err
	}
	p.Objects = int(objects)
	head, err := g.text(ctx, 4<<10, "-C", mirror, "symbolic-ref", "HEAD")
	if err != nil && ctx.Err() != nil {
		return p, err
	}
	p.Head = head // none where it is at no branch
	return p, nil
}

// same reports whether a copy of before is whole, and every branch, tag, note and pull
// request of the repository and its wiki still is at what it was: then another copy would
// be the same, large files too, which commits name by their digests. Where git can't say
// it is not the same, and copying says why.
func (g git) same(ctx context.Context, before custody.Copy, address string, wiki bool) bool {
	if before.State != exit.StateDone {
		return false
	}
	for _, p := range before.Copied() {
		if p.State != exit.StateDone || p.Document == "" {
			return false
		}
	}
	refs, err := g.refsAt(ctx, address+".git")
	if err != nil || refs == "" || refs != before.Part(exit.AssetRepository).Refs {
		return false
	}
	pages := ""
	if wiki {
		pages, err = g.refsAt(ctx, address+".wiki.git")
		if err != nil && whyGit(err) != custody.WhyHidden { // one without a page is no repository
			return false
		}
	}
	return pages == before.Part(exit.AssetWiki).Refs
}

// refsAt is the digest of the refs that a place shows, as mirrored has it of a mirror;
// empty: it shows none.
func (g git) refsAt(ctx context.Context, address string) (string, error) {
	protocol, _, _ := strings.Cut(address, ":")
	var out bytesOf
	if err := g.run(ctx, protocol, &out, "ls-remote", "--quiet", "--refs", address); err != nil {
		return "", err
	}
	digest, _ := refsDigest(strings.ReplaceAll(string(out), "\t", " "))
	return digest, nil
}

// refsDigest is the digest of refs, a line each with what it is at, and their number.
func refsDigest(refs string) (digest string, n int) {
	all := strings.Split(strings.TrimSpace(refs), "\n")
	if all[0] == "" {
		return "", 0
	}
	slices.Sort(all)
	sum := sha256.Sum256([]byte(strings.Join(all, "\n") + "\n"))
	return "sha256:" + hex.EncodeToString(sum[:]), len(all)
}

// bytesOf keeps all that is written to it.
type bytesOf []byte

// Write keeps it.
func (b *bytesOf) Write(p []byte) (int, error) { *b = append(*b, p...); return len(p), nil }

// lines counts the lines that are written to it.
type lines int

// Write counts them.
func (l *lines) Write(p []byte) (int, error) {
	for _, b := range p {
		if b == '\n' {
			*l++
		}
	}
	return len(p), nil
}

// mirror clones a repository with everything that it has, checks it, makes a bundle of it
// and files that.
func (g git) mirror(ctx context.Context, kind exit.AssetKind, address string, file filing) (custody.Part, error) {
	protocol, _, _ := strings.Cut(address, ":")
	at := filepath.Join(g.folder, string(kind)+".git")
	if err := g.run(ctx, protocol, io.Discard, "clone", "--mirror", "--quiet", address, at); err != nil {
		return custody.Part{Kind: kind}, err
	}
	p, err := g.mirrored(ctx, kind, at)
	if err != nil || p.State != exit.StateDone || p.Why == custody.WhyEmpty {
		return p, err
	}
	bundle := filepath.Join(g.folder, string(kind)+".bundle")
	if err := g.run(ctx, "none", io.Discard, "-C", at, "bundle", "create", "--quiet", bundle, "--all"); err != nil {
		return p, err
	}
	if err := g.run(ctx, "none", io.Discard, "-C", at, "bundle", "verify", "--quiet", bundle); err != nil {
		return p, err
	}
	info, err := os.Stat(bundle)
	if err != nil {
		return p, fmt.Errorf("looking at a bundle: %w", failing(err))
	}
	if info.Size() > g.most { // the watch may not have seen it
		return p, &gitError{did: "bundle", why: custody.WhyTooLarge}
	}
	f, err := os.Open(bundle)
	if err != nil {
		return p, fmt.Errorf("opening a bundle: %w", failing(err))
	}
	p.Document, p.Size, err = file(ctx, f)
	return p, errors.Join(err, f.Close(), os.RemoveAll(bundle))
}

// failing is what is wrong with a file, without its name.
func failing(err error) error {
	var e *os.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// filing files a copy, opening opens one that was filed.
type (
	filing  = func(ctx context.Context, r io.Reader) (digest string, size int64, err error)
	opening = func(ctx context.Context, digest string) (io.ReadCloser, error)
)

// unbundled clones a bundle that was filed into an empty folder. A bundle whose bytes are
// not those that were filed differs, as does one that git can't read.
func (g git) unbundled(ctx context.Context, p custody.Part, open opening) (at string, err error) {
	bundle := filepath.Join(g.folder, string(p.Kind)+".bundle")
	digest, err := fetched(ctx, p.Document, bundle, open)
	if err != nil {
		return "", err
	}
	if digest != p.Document {
		return "", &gitError{did: "bundle", why: custody.WhyDiffers}
	}
	at = filepath.Join(g.folder, string(p.Kind)+"-restored.git")
	if err := g.run(ctx, "file", io.Discard, "clone", "--mirror", "--quiet", bundle, at); err != nil {
		if ctx.Err() == nil && whyGit(err) != custody.WhyTooLarge {
			err = &gitError{did: "clone", why: custody.WhyDamaged}
		}
		return "", err
	}
	if err := g.run(ctx, "none", io.Discard, "-C", at, "bundle", "verify", "--quiet", bundle); err != nil {
		return "", err
	}
	return at, os.Remove(bundle)
}

// fetched writes a document into a file, and returns the digest of what came.
func fetched(ctx context.Context, document, to string, open opening) (digest string, err error) {
	r, err := open(ctx, document)
	if err != nil {
		return "", fmt.Errorf("opening a copy: %w", err)
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", errors.Join(fmt.Errorf("making room for a copy: %w", failing(err)), r.Close())
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, h), r)
	if err := errors.Join(err, f.Close(), r.Close()); err != nil {
		return "", fmt.Errorf("reading a copy: %w", failing(err))
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}

// log hands over who changed what, from a mirror, and which files there are today.
func (g git) log(ctx context.Context, at string, format []string, read func(io.Reader, []string) error) error {
	var names bytesOf
	if err := g.run(ctx, "none", &names, "-C", at, "ls-tree", "-r", "-z", "--name-only", "HEAD"); err != nil {
		return err
	}
	files := strings.Split(strings.TrimSuffix(string(names), "\x00"), "\x00")
	out, in := io.Pipe()
	ran := make(chan error, 1)
	go func() {
		err := g.run(ctx, "none", in, append([]string{"-C", at, "log"}, append(slices.Clone(format), "HEAD")...)...)
		_ = in.CloseWithError(err) // never fails
		ran <- err
	}()
	err := read(bufio.NewReader(out), files)
	_ = out.Close() // ends git, where not all was read
	if err := <-ran; whyGit(err) != "" && ctx.Err() != nil {
		return err
	}
	return err
}
