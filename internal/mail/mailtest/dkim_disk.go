package mailtest

import (
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// keysFile has the keys of people's domains (PKCS #8): what was signed before a
// restart, and read by nobody yet, is theirs afterwards too.
const keysFile = "keys.json"

// publish makes a key a domain's. Under s.mu, or before anybody else has s.
func (s *Server) publish(domain string, k signer) error {
	record, err := k.record()
	if err != nil {
		return fmt.Errorf("publishing a key: %w", err)
	}
	s.signers[domain] = k
	s.dns[selector+"._domainkey."+domain] = []string{record}
	return nil
}

// loadKeys takes the keys of earlier runs.
func (s *Server) loadKeys() error {
	text, err := os.ReadFile(filepath.Join(s.o.Dir, keysFile))
	if s.o.Dir == "" || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var keys map[string][]byte
	if err == nil {
		err = json.Unmarshal(text, &keys)
	}
	if err != nil {
		return fmt.Errorf("reading the keys of people's domains: %w", err)
	}
	for domain, der := range keys {
		key, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return fmt.Errorf("reading the key of %s: %w", domain, err)
		}
		signs, ok := key.(crypto.Signer)
		if !ok {
			return fmt.Errorf("reading the key of %s: it signs nothing", domain)
		}
		k := signer{RSA, signs}
		if _, short := signs.Public().(ed25519.PublicKey); short {
			k.algorithm = Ed25519
		}
		if err := s.publish(domain, k); err != nil {
			return err
		}
	}
	return nil
}

// saveKeys writes all keys, as a whole or not at all. Under s.mu.
func (s *Server) saveKeys() error {
	if s.o.Dir == "" {
		return nil
	}
	keys := map[string][]byte{}
	for domain, k := range s.signers {
		der, err := x509.MarshalPKCS8PrivateKey(k.key)
		if err != nil {
			return fmt.Errorf("packing the key of %s: %w", domain, err)
		}
		keys[domain] = der
	}
	text, err := json.Marshal(keys)
	if err != nil {
		return fmt.Errorf("packing the keys of people's domains: %w", err)
	}
	name := filepath.Join(s.o.Dir, keysFile)
	err = os.WriteFile(name+".new", text, 0o600)
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err != nil {
		return fmt.Errorf("writing the keys of people's domains: %w", err)
	}
	return nil
}
