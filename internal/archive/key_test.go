package archive

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"gangway/internal/dossier"
)

func TestLoadKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keys := make([]*Key, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			k, err := LoadKey(dir)
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = k
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	for _, k := range keys {
		if !k.private.Equal(keys[0].private) {
			t.Error("eight starts at once ended with different keys")
		}
	}
	if !regexp.MustCompile(`^gw1:[a-z2-7]{4}(-[a-z2-7]{4}){12}$`).MatchString(keys[0].Fingerprint()) {
		t.Errorf("the fingerprint is %q", keys[0].Fingerprint())
	}
	entries, err := os.ReadDir(filepath.Join(dir, "keys"))
	if err != nil || len(entries) != 1 {
		t.Errorf("the keys' directory has %v, %v", entries, err)
	}
	info, err := os.Stat(filepath.Join(dir, "keys", "signing.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's mode is %v, %v", info.Mode(), err)
	}
	folder, err := os.Stat(filepath.Join(dir, "keys"))
	if err != nil || folder.Mode().Perm() != 0o700 {
		t.Errorf("the keys' directory has mode %v, %v", folder.Mode(), err)
	}
}

// TestMakeKeyLeavesAnotherAlone: of two processes that make the key at once, the
// second takes the first one's.
func TestMakeKeyLeavesAnotherAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := LoadKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := makeKey(filepath.Join(dir, "keys", "signing.key")); err != nil {
		t.Errorf("making it again: %v", err)
	}
	second, err := LoadKey(dir)
	if err != nil || !second.private.Equal(first.private) {
		t.Errorf("the key changed: %v", err)
	}
}

func TestLoadKeyRefusesWhatItCannotTrust(t *testing.T) {
	t.Parallel()
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(other)
	if err != nil {
		t.Fatal(err)
	}
	good := func(t *testing.T) []byte {
		dir := t.TempDir()
		if _, err := LoadKey(dir); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "keys", "signing.key"))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	cases := map[string]struct {
		text []byte
		mode os.FileMode
		want string
	}{
		"read by a group": {good(t), 0o640, "can be read by others"},
		"empty":           {nil, 0o600, "is no PEM file"},
		"cut off":         {good(t)[:60], 0o600, "is no PEM file"},
		"two keys":        {append(good(t), good(t)...), 0o600, "is no PEM file"},
		"a public key":    {pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o600, "is no PEM file"},
		"of another sort": {pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600, "is not an ed25519 key"},
		"nonsense":        {pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}), 0o600, "can't be read"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "keys", "signing.key")
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, c.text, c.mode); err != nil {
				t.Fatal(err)
			}
			_, err := LoadKey(filepath.Dir(filepath.Dir(file)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want …%s", err, c.want)
			}
			if h, ok := err.(interface{ Hint() string }); !ok || h.Hint() == "" {
				t.Errorf("%T has no hint", err)
			}
			if after, err := os.ReadFile(file); err != nil || string(after) != string(c.text) {
				t.Errorf("the file was touched: %v", err)
			}
		})
	}
}

func TestKnownKeyInPEM(t *testing.T) {
	t.Parallel()
	der, err := x509.MarshalPKIXPublicKey(storyKey(1).public())
	if err != nil {
		t.Fatal(err)
	}
	got, err := readKnown(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	if err != nil || got != storyKey(1).Fingerprint() {
		t.Errorf("the public key in PEM is %q, %v", got, err)
	}
	_, err = readKnown("\u202enot a key")
	if h, ok := err.(interface{ Hint() string }); !ok || h.Hint() == "" || strings.Contains(err.Error(), "\u202e") {
		t.Errorf("what is no key: %v", err)
	}
}

// TestFingerprintIsFrozen: auditors keep fingerprints on paper.
func TestFingerprintIsFrozen(t *testing.T) {
	t.Parallel()
	const want = "gw1:gr2q-7gf5-lh6p-zfdn-urnk-vput-hpqv-jjfv-bfhb-ysv7-ikdg-kbpt-zf7a"
	if got := storyKey(1).Fingerprint(); got != want {
		t.Errorf("the fingerprint changed: %s, it was %s", got, want)
	}
}

func TestKeyEntry(t *testing.T) {
	t.Parallel()
	k := storyKey(1)
	e := k.Entry(storyNoon)
	if e.Case != dossier.Register || e.Kind != dossier.KeyMade || e.Detail.Digest != k.Fingerprint() || e.ID != k.Entry(storySeal).ID || e.ID == storyKey(2).Entry(storyNoon).ID {
		t.Errorf("the register's entry: %+v", e)
	}
}
