package mail

import (
	"sync"
	"time"
)

const (
	// keyFresh is how long a key of a domain is believed without asking again. Keys
	// are in force for months; one that was taken back counts a minute longer.
	keyFresh = time.Minute
	// mostKeys is how many are remembered: strangers choose the names.
	mostKeys = 500
)

// keyring remembers what the domain name system said of the keys that mails are
// signed with: the mails of a morning are of few domains. What was not found and
// what failed is asked anew.
type keyring struct {
	ask func(name string) ([]string, error)
	now func() time.Time

	mu   sync.Mutex
	keys map[string]signKey
}

type signKey struct {
	txt []string
	at  time.Time
}

func newKeyring(ask func(string) ([]string, error), now func() time.Time) *keyring {
	return &keyring{ask: ask, now: now, keys: map[string]signKey{}}
}

// lookup finds the records under a name.
func (k *keyring) lookup(name string) ([]string, error) {
	k.mu.Lock()
	found, has := k.keys[name]
	k.mu.Unlock()
	if age := k.now().Sub(found.at); has && age >= 0 && age < keyFresh {
		return found.txt, nil
	}
	txt, err := k.ask(name)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.keys) >= mostKeys {
		clear(k.keys)
	}
	k.keys[name] = signKey{txt: txt, at: k.now()}
	return txt, nil
}
