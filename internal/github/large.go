package github

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"

	"gangway/internal/custody"
	"gangway/internal/exit"
)

// large fetches a repository's large files, of all its history, beside its mirror, and
// files them as one archive; no state: it has none. Where they come from is what GitHub
// says, and not what the repository's own settings do.
func (g git) large(ctx context.Context, address string, file filing) (custody.Part, error) {
	at := filepath.Join(g.folder, string(exit.AssetRepository)+".git")
	used, err := g.text(ctx, 4<<10, "-C", at, "log", "--all", "--format=%H", "-n", "1", "-S", "filter=lfs", "--", ":(glob)**/.gitattributes")
	if err != nil || used == "" {
		return custody.Part{}, err
	}
	p := custody.Part{Kind: exit.AssetLFS, State: exit.StateNotCheckable, Why: custody.WhyNoLFS}
	if _, err := exec.LookPath("git-lfs"); err != nil {
		return p, nil
	}
	protocol := "https"
	if len(address) > 5 && address[:5] == "http:" {
		protocol = "http"
	}
	err = g.run(ctx, protocol, io.Discard, "-C", at, "-c", "lfs.url="+address+"/info/lfs", "lfs", "fetch", "--all", "origin")
	switch why := whyGit(err); {
	case why != "" && why != custody.WhyUnreadable:
		p.Why = why
		return p, nil
	case err != nil && ctx.Err() != nil:
		return p, err
	case err != nil: // what is not there any more fails so, each time
		p.State, p.Why = exit.StateFailed, custody.WhyDamaged
		return p, nil
	}
	names, err := objectsIn(filepath.Join(at, "lfs", "objects"))
	if err != nil {
		return p, fmt.Errorf("looking at large files: %w", failing(err))
	}
	p.State, p.Why, p.Objects = exit.StateDone, "", len(names)
	if len(names) == 0 {
		p.Why = custody.WhyEmpty
		return p, nil
	}
	out, in := io.Pipe()
	go func() { _ = in.CloseWithError(packed(in, names)) }() // never fails
	p.Document, p.Size, err = file(ctx, out)
	return p, errors.Join(err, out.Close())
}

// objectsIn are the files below a folder, in order.
func objectsIn(folder string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && d.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// packed writes files into an archive, each under the digest that it is called by.
func packed(w io.Writer, names []string) error {
	archive := tar.NewWriter(w)
	for _, name := range names {
		if err := pack(archive, name); err != nil {
			return fmt.Errorf("packing large files: %w", failing(err))
		}
	}
	return archive.Close()
}

func pack(archive *tar.Writer, name string) (err error) {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	err = archive.WriteHeader(&tar.Header{Name: filepath.Base(name), Mode: 0o600, Size: info.Size(), Format: tar.FormatPAX})
	if err == nil {
		_, err = io.Copy(archive, f)
	}
	return err
}

// largeRestored reads an archive of large files: each is called by the digest of its bytes.
func (g git) largeRestored(ctx context.Context, p custody.Part, open opening) (custody.Part, error) {
	got := custody.Part{State: exit.StateFailed, Why: custody.WhyDiffers}
	r, err := open(ctx, p.Document)
	if err != nil {
		return got, fmt.Errorf("opening a copy: %w", err)
	}
	defer r.Close()
	archive := tar.NewReader(r)
	for {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			got.Why = custody.WhyDamaged
			return got, nil
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, archive); err != nil || hex.EncodeToString(sum.Sum(nil)) != path.Base(h.Name) {
			got.Why = custody.WhyDamaged
			return got, nil
		}
		got.Objects++
	}
	if got.Objects == p.Objects {
		got.State, got.Why = exit.StateDone, ""
	}
	return got, nil
}
