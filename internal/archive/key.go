package archive

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base32"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gangway/internal/dossier"
)

// Key signs dossiers (ed25519). Whoever has its file can sign in the
// organisation's name; it never leaves the machine and is in no dossier.
type Key struct{ private ed25519.PrivateKey }

// LoadKey reads dir/keys/signing.key, a PEM file that only its owner may read,
// and makes it on first use. Two processes that make it at once end with the same
// one. A key that others may read, or a file that is no key, is an error with a
// Hint. The caller appends Entry to the register.
func LoadKey(dir string) (*Key, error) {
	file := filepath.Join(dir, "keys", "signing.key")
	k, err := readKey(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	if err := makeKey(file); err != nil {
		return nil, full("making the signing key", err)
	}
	return readKey(file)
}

// Fingerprint names the public key, for people to compare and to hand out
// beforehand: "gw1:" and thirteen groups of four letters and digits.
func (k *Key) Fingerprint() string { return fingerprintOf(k.public()) }

// Entry is the register's entry for this key. Its Answer, "key/" and the
// fingerprint, tells whether it stands there already (AnswerLine); appending it
// twice with different times would be kept as a conflict.
func (k *Key) Entry(at time.Time) dossier.Entry {
	name := strings.TrimPrefix(k.Fingerprint(), fingerprintPrefix)
	return dossier.Entry{ID: dossier.Register + "#archive/key-" + name, Case: dossier.Register, Process: dossier.Register,
		Kind: dossier.KeyMade, At: at.UTC(), CaseAt: at.UTC(), Answer: "key/" + k.Fingerprint(),
		Detail: &dossier.Detail{Digest: k.Fingerprint()}}
}

func (k *Key) public() ed25519.PublicKey { return k.private.Public().(ed25519.PublicKey) }

// badKeyError says that the key's file can't be used.
type badKeyError struct{ file, what, hint string }

// Error names the file and what is wrong with it.
func (e badKeyError) Error() string { return fmt.Sprintf("the signing key in %s %s", e.file, e.what) }

// Hint says what to do about it.
func (e badKeyError) Hint() string { return e.hint }

func readKey(file string) (*Key, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("finding the signing key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, badKeyError{file, "can be read by others", "chmod 600 " + file + ", and ask yourself who may have copied it"}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the signing key: %w", err)
	}
	restore := "restore it from a backup; to start with a new key, move the file away"
	block, rest := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" || len(rest) > 0 {
		return nil, badKeyError{file, "is no PEM file with one private key", restore}
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, badKeyError{file, "can't be read: " + err.Error(), restore}
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, badKeyError{file, "is not an ed25519 key", restore}
	}
	return &Key{private}, nil
}

// makeKey writes a new key in full before it gets its name, and leaves one that
// was made meanwhile alone.
func makeKey(file string) error {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("making the signing key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return fmt.Errorf("writing the signing key as PKCS #8: %w", err)
	}
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the keys' directory: %w", err)
	}
	f, err := os.CreateTemp(dir, "new-*.key") // 0600
	if err != nil {
		return fmt.Errorf("making the signing key's file: %w", err)
	}
	err = placeKey(f, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), file)
	if err := errors.Join(err, os.Remove(f.Name())); err != nil { // the name it has in the end is another
		return fmt.Errorf("writing the signing key: %w", err)
	}
	return syncKeys(dir)
}

// placeKey fills f and gives it the name file as well, unless that is taken.
func placeKey(f *os.File, text []byte, file string) error {
	_, err := f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("putting it in its place: %w", err)
	}
	return nil
}

// syncKeys makes a new name in a directory survive a power cut.
func syncKeys(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening the keys' directory: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("writing the keys' directory: %w", err)
	}
	return nil
}

const fingerprintPrefix = "gw1:"

var fingerprintText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func fingerprintOf(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return regroup(sum[:])
}

// regroup writes a fingerprint in groups of four, so that it can be read out.
func regroup(sum []byte) string {
	text := fingerprintText.EncodeToString(sum)
	var b strings.Builder
	b.WriteString(fingerprintPrefix)
	for i := 0; i < len(text); i += 4 {
		if i > 0 {
			b.WriteByte('-')
		}
		b.WriteString(text[i:min(i+4, len(text))])
	}
	return b.String()
}

// unknownKeyError says that something given as a key is none.
type unknownKeyError struct{ given string }

// Error shows what was given.
func (e unknownKeyError) Error() string {
	return fmt.Sprintf("%q is neither a fingerprint nor a public key", visible(cut(e.given, 80)))
}

// Hint says how both look.
func (e unknownKeyError) Hint() string {
	return "give the fingerprint that `gangway key fingerprint` prints (gw1:…), or a public key as PEM or base64"
}

// readKnown gives the fingerprint of a key as people give one: a fingerprint, in
// any case and grouping, a public key in PEM, or its 32 bytes in base64.
func readKnown(given string) (string, error) {
	text := strings.TrimSpace(given)
	if block, rest := pem.Decode([]byte(text)); block != nil && len(rest) == 0 {
		if public, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
			if public, ok := public.(ed25519.PublicKey); ok {
				return fingerprintOf(public), nil
			}
		}
		return "", unknownKeyError{given}
	}
	if bare, ok := strings.CutPrefix(strings.ToLower(text), fingerprintPrefix); ok {
		bare = strings.NewReplacer("-", "", " ", "").Replace(bare)
		if sum, err := fingerprintText.DecodeString(bare); err == nil && len(sum) == sha256.Size {
			return regroup(sum), nil
		}
		return "", unknownKeyError{given}
	}
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil && len(raw) == ed25519.PublicKeySize {
		return fingerprintOf(raw), nil
	}
	return "", unknownKeyError{given}
}
