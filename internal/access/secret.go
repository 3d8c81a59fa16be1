package access

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Key derives what is sent to people. Whoever has it can sign in as anybody, so
// it lies in a file of its own and never in the database: a copy of the database
// opens no door. At least 32 bytes.
type Key []byte

// secretBits is how much of a digest a ticket or link carries. 128 bits can't be
// guessed, and their 26 letters fit into a mail address's local part (64 octets,
// RFC 5321 section 4.5.3.1.1), where replies will carry them.
const secretBits = 128

// Ticket leads to a request in one version for one person in one channel. It is
// no proof of who follows it.
func (k Key) Ticket(request string, version int, person, channel string) string {
	return k.spell("ticket", request, strconv.Itoa(version), person, channel)
}

// Link is the secret of the one-time link with that id, which is random.
func (k Key) Link(id string) string { return k.spell("link", id) }

// Code is the six digits that do the same as the link with that id, for whoever
// reads the mail on another device.
func (k Key) Code(id string) string {
	n := new(big.Int).SetBytes(k.sum("code", id))
	return fmt.Sprintf("%06d", n.Mod(n, big.NewInt(1_000_000)))
}

// spell writes a secret in lower-case base32: mail clients change the case of
// addresses.
func (k Key) spell(parts ...string) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(k.sum(parts...)[:secretBits/8]))
}

func (k Key) sum(parts ...string) []byte {
	mac := hmac.New(sha256.New, k)
	for _, p := range parts { // with lengths, so that no two lists read the same
		mac.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return mac.Sum(nil)
}

// Hash is how a secret is kept: by its digest. Secrets here have 128 random bits
// or more, so a slow hash would add nothing. The case of letters is ignored.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(secret)))
	return "sha256:" + hex.EncodeToString(sum[:])
}
