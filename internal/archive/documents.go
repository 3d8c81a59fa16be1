package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	"gocloud.dev/blob"

	"gangway/internal/dossier"
)

const (
	documentsDir = "documents"
	incoming     = "incoming-" // what is being received, within documentsDir
)

// TooLargeError says that a document is larger than what was allowed; nothing of
// it was kept.
type TooLargeError struct{ Limit int64 } // bytes

// Error names the limit.
func (e TooLargeError) Error() string {
	return fmt.Sprintf("the document is larger than %d bytes", e.Limit)
}

// Hint says what to do about it.
func (e TooLargeError) Hint() string {
	return fmt.Sprintf("send a document of at most %d MiB, or ask for a higher limit", e.Limit>>20)
}

// Invalid marks the error as the sender's.
func (e TooLargeError) Invalid() bool { return true }

// EmptyError says that a document has no content.
type EmptyError struct{}

// Error says so.
func (e EmptyError) Error() string { return "the document is empty" }

// Hint says what to do about it.
func (e EmptyError) Hint() string { return "choose the file again; what arrived has no content" }

// Invalid marks the error as the sender's.
func (e EmptyError) Invalid() bool { return true }

// Put keeps a document of up to limit bytes (0: any size) and returns what it is:
// its digest, its size and its media type as sniffed. The same content is kept
// once. It returns when the content would survive a power cut. Errors:
// TooLargeError, EmptyError, dossier.FullError.
func (a *Archive) Put(ctx context.Context, r io.Reader, limit int64) (dossier.Paper, error) {
	if limit > 0 {
		r = io.LimitReader(r, limit+1)
	}
	content, discard, err := a.receive(r)
	if err != nil {
		return dossier.Paper{}, fault("receiving a document", err)
	}
	defer discard()
	p, err := inspect(content, limit)
	if err != nil {
		return dossier.Paper{}, fault("receiving a document", err)
	}
	release, err := a.db.alone(ctx, p.Digest) // an erasure of the same content must come before or after
	if err != nil {
		return dossier.Paper{}, fault("taking a turn to store a document", err)
	}
	defer release()
	if err := a.fileAway(ctx, content, p); err != nil {
		return dossier.Paper{}, fault("storing a document", err)
	}
	err = a.write(ctx, "listing a document", later, func(q querier) error {
		_, err := q.ExecContext(ctx, `INSERT INTO documents (digest, size, media) VALUES (?, ?, ?)
			ON CONFLICT (digest) DO UPDATE SET erased_on = NULL, erased_rule = NULL WHERE documents.erased_on IS NOT NULL`, p.Digest, p.Size, p.Media)
		return err
	})
	if err != nil {
		return dossier.Paper{}, err
	}
	return p, nil
}

// mostInMemory is up to how many bytes a document is held in memory until it is
// known what it is; a larger one is held in a file.
const mostInMemory = 256 << 10

// receive takes in what arrives until its digest is known; discard lets go of it,
// wherever it was put meanwhile.
func (a *Archive) receive(r io.Reader) (content io.ReadSeeker, discard func(), err error) {
	var head bytes.Buffer
	_, err = io.CopyN(&head, r, mostInMemory+1)
	if errors.Is(err, io.EOF) {
		return bytes.NewReader(head.Bytes()), func() {}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := os.CreateTemp(filepath.Join(a.dir, documentsDir), incoming+"*")
	if err != nil {
		return nil, nil, err
	}
	discard = func() {
		if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
			a.log.Error("removing a received document", "error", err)
		}
	}
	if _, err := io.Copy(f, io.MultiReader(&head, r)); err != nil {
		discard()
		return nil, nil, err
	}
	return f, discard, nil
}

// inspect says what was received.
func inspect(content io.ReadSeeker, limit int64) (dossier.Paper, error) {
	h := sha256.New()
	n, err := fromStart(content, func() (int64, error) { return io.Copy(h, content) })
	switch {
	case err != nil:
		return dossier.Paper{}, err
	case n == 0:
		return dossier.Paper{}, EmptyError{}
	case limit > 0 && n > limit:
		return dossier.Paper{}, TooLargeError{Limit: limit}
	}
	media, err := fromStart(content, func() (*mimetype.MIME, error) { return mimetype.DetectReader(content) })
	if err != nil {
		return dossier.Paper{}, fmt.Errorf("looking what it is: %w", err)
	}
	return dossier.Paper{Digest: "sha256:" + hex.EncodeToString(h.Sum(nil)), Size: n, Media: media.String()}, nil
}

func fromStart[T any](content io.Seeker, read func() (T, error)) (T, error) {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return *new(T), fmt.Errorf("rewinding it: %w", err)
	}
	return read()
}

// blobKey is where a document lies: "ab/abcd…", so that no folder grows large.
// ok is false for what is no digest.
func blobKey(digest string) (key string, ok bool) {
	hexed, found := strings.CutPrefix(digest, "sha256:")
	if raw, err := hex.DecodeString(hexed); !found || err != nil || len(raw) != sha256.Size || strings.ToLower(hexed) != hexed {
		return "", false
	}
	return hexed[:2] + "/" + hexed, true
}

// fileAway puts the received content under its digest and onto the disk. What
// lies there already is read again: a crash may have left less than its name says.
func (a *Archive) fileAway(ctx context.Context, content io.ReadSeeker, p dossier.Paper) error {
	key, _ := blobKey(p.Digest)
	path := filepath.Join(a.dir, documentsDir, filepath.FromSlash(key))
	whole, err := isWhole(path, p.Digest)
	if err != nil {
		return err
	}
	if !whole {
		_, err := fromStart(content, func() (struct{}, error) { return struct{}{}, a.upload(ctx, key, content, p.Media) })
		if err != nil {
			return fmt.Errorf("writing it: %w", err)
		}
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return err
	}
	return a.folders.keep(key[:2], filepath.Join(a.dir, documentsDir))
}

// upload writes a blob in full, private and synced before it gets its name, or
// not at all. The bucket's own Upload would not do: when writing fails it closes
// the writer, which gives the part that was written its name.
func (a *Archive) upload(ctx context.Context, key string, r io.Reader, media string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var file *os.File
	w, err := a.papers.NewWriter(ctx, key, &blob.WriterOptions{ContentType: media, BeforeWrite: func(as func(any) bool) error {
		as(&file)
		return nil
	}})
	if err != nil {
		return err
	}
	_, err = w.ReadFrom(r)
	if err == nil && file != nil {
		err = errors.Join(file.Chmod(0o600), file.Sync())
	}
	if err != nil {
		cancel() // Close then drops what was written, and says only that
		if drop := w.Close(); drop == nil {
			return errors.Join(err, errors.New("a part of it was kept"))
		}
		return err
	}
	return w.Close()
}

func isWhole(path, digest string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking whether it is there: %w", err)
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return false, fmt.Errorf("reading what is there: %w", err)
	}
	return "sha256:"+hex.EncodeToString(h.Sum(nil)) == digest, nil
}

// syncFolder makes the names in a folder survive a power cut.
func syncFolder(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("opening it to sync: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("syncing: %w", err)
	}
	return nil
}

// Get returns a document. The reader checks the content on its way: at the end
// of one that was changed it returns an error instead of io.EOF. A document that
// isn't there is a dossier.NotFoundError, which for an erased one says so.
func (a *Archive) Get(ctx context.Context, digest string) (dossier.Paper, io.ReadCloser, error) {
	p := dossier.Paper{Digest: digest}
	var on, rule sql.NullString
	found, err := queryOne(ctx, a.reads, []any{&p.Size, &p.Media, &on, &rule}, `SELECT size, media, erased_on, erased_rule FROM documents WHERE digest = ?`, digest)
	switch {
	case err != nil:
		return dossier.Paper{}, nil, fmt.Errorf("looking for a document: %w", err)
	case on.Valid:
		day, _, _ := strings.Cut(on.String, "T")
		what := fmt.Sprintf("document (erased on %s under %s)", day, rule.String)
		return dossier.Paper{}, nil, dossier.NotFoundError{What: what, ID: digest}
	case !found:
		return dossier.Paper{}, nil, dossier.NotFoundError{What: "document", ID: digest}
	}
	key, _ := blobKey(digest)
	r, err := a.papers.NewReader(ctx, key, nil)
	if err != nil {
		return dossier.Paper{}, nil, fmt.Errorf("opening document %s: %w", digest, err)
	}
	return p, &checkedReader{ReadCloser: r, digest: digest, sum: sha256.New()}, nil
}

// checkedReader holds what it passes on against its digest.
type checkedReader struct {
	io.ReadCloser
	digest string
	sum    hash.Hash
}

// Read passes content on; at the end it compares.
func (c *checkedReader) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.sum.Write(b[:n])
	if errors.Is(err, io.EOF) && "sha256:"+hex.EncodeToString(c.sum.Sum(nil)) != c.digest {
		return n, fmt.Errorf("document %s was changed where it is stored", c.digest)
	}
	return n, err
}

// HasCaseDocument reports whether an entry of the case brought the document in.
func (a *Archive) HasCaseDocument(ctx context.Context, caseID, digest string) (bool, error) {
	has, err := hasPaper(ctx, a.reads, caseID, digest)
	if err != nil {
		return false, fmt.Errorf("looking for a document of case %s: %w", caseID, err)
	}
	return has, nil
}

func hasPaper(ctx context.Context, q querier, caseID, digest string) (has bool, err error) {
	_, err = queryOne(ctx, q, []any{&has}, `SELECT EXISTS (SELECT 1 FROM case_documents WHERE case_id = ? AND digest = ?)`, caseID, digest)
	return has, err
}
