package mailtest

import (
	"os"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
)

// TestKeysOfAnEarlierRun: what was signed before a restart verifies after it, and
// what is signed then is signed by the same domain's key.
func TestKeysOfAnEarlierRun(t *testing.T) {
	t.Parallel()
	for _, with := range []Algorithm{Ed25519, RSA} {
		dir := t.TempDir()
		one := start(t, Options{Dir: dir, Inbox: us, SignWith: with})
		sent := one.Person("Nadia", "nadia@brightwell.example").Write(t, us, "Before", "Hello.")
		two := start(t, Options{Dir: dir, Inbox: us, SignWith: with})
		again := two.Person("Nadia", "nadia@brightwell.example").Write(t, us, "After", "Hello.")
		for _, m := range []Mail{sent, again} {
			found, err := dkim.VerifyWithOptions(strings.NewReader(string(m.Raw)), &dkim.VerifyOptions{LookupTXT: two.LookupTXT})
			if err != nil || len(found) != 1 || found[0].Err != nil {
				t.Errorf("%s, %s: %+v, %v", with, m.Subject, found, err)
			}
		}
		if err := os.WriteFile(dir+"/"+keysFile, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := Start(Options{Dir: dir}); err == nil {
			t.Errorf("keys that can't be read were taken: %v", s.Close())
		}
	}
}
