package archive

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// checkpointFormat names the form of a dossier. A reader that meets another one
// says so instead of finding faults.
const checkpointFormat = "gangway dossier 1"

// checkpointDomain keeps a signature of a checkpoint from being one of anything
// else. The message is it, a zero byte, and the checkpoint without signature as
// it stands in the file.
const checkpointDomain = "gangway checkpoint 1"

// checkpoint is what is signed: the whole bag through the digest of its tag
// manifest, and where both chains ended.
type checkpoint struct {
	Format string `json:"format"`
	Case   string `json:"case"`
	// TagManifest is the digest of tagmanifest-sha256.txt.
	TagManifest string `json:"tagManifest"`
	// Journal and Register are the ends of the case's and the register's chain.
	Journal  chainEnd `json:"journal"`
	Register chainEnd `json:"register"`
	// Open: the case was running. Unsealed: it was closed, but something that a
	// sealed dossier must hold was not there yet.
	Open      bool `json:"open"`
	Unsealed  bool `json:"unsealed,omitempty"`
	Rehearsal bool `json:"rehearsal,omitempty"`
	// Earlier is the digest of the case's sealed dossier that this one adds to.
	Earlier  string    `json:"earlier,omitempty"`
	SignedAt time.Time `json:"signedAt"`
	// Fingerprint names the key, Key is its public half in base64.
	Fingerprint string `json:"fingerprint"`
	Key         string `json:"key"`
	Signature   string `json:"signature"`
}

// chainEnd is how many lines a chain had, and the hash of the last.
type chainEnd struct {
	N    int    `json:"n"`
	Hash string `json:"hash"`
}

// sign writes the checkpoint as it stands in the file.
func (c checkpoint) sign(k *Key) ([]byte, error) {
	c.Format, c.Fingerprint = checkpointFormat, k.Fingerprint()
	c.Key = base64.StdEncoding.EncodeToString(k.public())
	message, err := c.message()
	if err != nil {
		return nil, err
	}
	c.Signature = base64.StdEncoding.EncodeToString(ed25519.Sign(k.private, message))
	return writeIndented(c)
}

func (c checkpoint) message() ([]byte, error) {
	c.Signature = ""
	text, err := writeIndented(c)
	if err != nil {
		return nil, err
	}
	return append([]byte(checkpointDomain+"\x00"), text...), nil
}

// readCheckpoint reads a checkpoint's file; the finding says why it can't be
// used. One that is returned was signed by the key that it names and is written
// as sign writes it.
func readCheckpoint(text []byte) (c checkpoint, finding string) {
	if err := json.Unmarshal(text, &c); err != nil {
		return checkpoint{}, "checkpoint.json can't be read"
	}
	if c.Format != checkpointFormat {
		return checkpoint{}, fmt.Sprintf("checkpoint.json is of a form that this release doesn't know: %q", visible(cut(c.Format, 80)))
	}
	again, err := writeIndented(c)
	if err != nil || !bytes.Equal(again, text) {
		return checkpoint{}, "checkpoint.json is not written as gangway writes it"
	}
	public, err := base64.StdEncoding.DecodeString(c.Key)
	if err != nil || len(public) != ed25519.PublicKeySize || fingerprintOf(public) != c.Fingerprint {
		return checkpoint{}, "checkpoint.json: its key and its fingerprint don't belong together"
	}
	signature, err := base64.StdEncoding.DecodeString(c.Signature)
	if err != nil {
		return checkpoint{}, "checkpoint.json: the signature can't be read"
	}
	message, err := c.message()
	if err != nil || !ed25519.Verify(public, message, signature) {
		return checkpoint{}, "checkpoint.json: the signature does not fit; something was changed after it was signed"
	}
	return c, ""
}
