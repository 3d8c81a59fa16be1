package stories

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"gangway/config"
	"gangway/internal/dossier"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// kills is how many SIGKILLs a killing story takes: 10, or GANGWAY_KILLS.
func kills(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("GANGWAY_KILLS"))
	if err != nil {
		return 10
	}
	return n
}

// inFlight is how many cases run while processes are killed.
const inFlight = 20

// ledger is what the people of a killing story were told.
type ledger struct {
	mu   sync.Mutex
	said map[string]said
}

// said is one answer and what became of it, as far as its person knows.
type said struct {
	person, request string
	form            review.Form
	outcome         review.Outcome
}

func (l *ledger) note(s said) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said[s.form.ID] = s
}

// TestKillAnything kills engine, worker and inbox at random points while twenty
// cases run, and wants everything that was acknowledged in the record exactly
// once, every case live, and every chain whole.
func TestKillAnything(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("GANGWAY_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("seed %d (GANGWAY_SEED repeats it)", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	c := newCast(t)
	l := &ledger{said: map[string]said{}}
	crowd := newCrowd(t, c, l)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	working := crowd.work(ctx, dice.Uint64())
	n := kills(t)
	for i := range n {
		pause(dice, 100, 1200)
		role := []string{"engine", "worker", "web"}[dice.IntN(3)]
		c.kill(role)
		pause(dice, 0, 400)
		c.start(role)
		if (i+1)%10 == 0 {
			t.Logf("%d of %d kills; %d answers so far, %d cases begun", i+1, n, l.size(), crowd.begun())
		}
	}
	crowd.last.Store(true)
	<-working
	crowd.audit()
	t.Logf("%d answers, %d cases", l.size(), crowd.begun())
}

func pause(dice *rand.Rand, from, to int) {
	<-time.After(time.Duration(from+dice.IntN(to-from)) * time.Millisecond)
}

func (l *ledger) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.said)
}

// call talks to /api as a person. An error is that nobody answered, or that the
// server could not: then nothing was acknowledged, and the same is sent again.
func (c *cast) call(method, path, person string, in, out any) error {
	var body io.Reader
	switch v := in.(type) {
	case nil:
	case []byte:
		body = bytes.NewReader(v)
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("packing: %w", err)
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequest(method, c.url(path), body)
	if err != nil {
		return fmt.Errorf("making a call: %w", err)
	}
	c.sign(req, person)
	resp, err := caller.Do(req)
	if err != nil {
		return fmt.Errorf("calling: %w", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("reading the reply: %w", err)
	}
	if resp.StatusCode >= 500 {
		return fmt.Errorf("status %d: %s", resp.StatusCode, text)
	}
	if resp.StatusCode >= 400 {
		return refusedError{resp.StatusCode, string(text)}
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

// sign says who calls: by their token, or by name where one picks a person.
func (c *cast) sign(req *http.Request, person string) {
	if token := c.tokens[person]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
		return
	}
	req.Header.Set("Gangway-As", person)
}

// refusedError is a reply that sending the same again would not change.
type refusedError struct {
	status int
	text   string
}

func (e refusedError) Error() string { return fmt.Sprintf("status %d: %s", e.status, e.text) }

// insist repeats a call until the server answered it; a refusal is the test's
// failure.
func (c *cast) insist(ctx context.Context, method, path, person string, in, out any) bool {
	for {
		err := c.call(method, path, person, in, out)
		if err == nil {
			return true
		}
		var no refusedError
		if errors.As(err, &no) {
			c.t.Errorf("%s %s as %s: %v", method, path, person, err)
			return false
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(30 * time.Millisecond):
		}
	}
}

// intake is the example's, under a vendor name of its own.
func (c *cast) intake(ctx context.Context, n int) playbook.Intake {
	v, err := config.ReadIntake("vendor.yaml", example(c.t, "vendor.yaml"))
	if err != nil {
		c.t.Fatalf("reading the example's vendor: %v", err)
	}
	i := v.Intake
	i.ID, i.Data = fmt.Sprintf("intake-%d", n), unprotected(i.Data)
	i.Vendor.Name, i.Vendor.Slug = fmt.Sprintf("Vendor %d", n), fmt.Sprintf("vendor-%d", n)
	var paper dossier.Paper
	c.insist(ctx, "POST", "/api/documents", "tom", example(c.t, v.ContractFile), &paper)
	i.Contract = paper.Digest
	return i
}

func query(path string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + v.Encode()
}

// lines reads a chain.
func (c *cast) lines(chain string) []dossier.Line {
	var lines []dossier.Line
	c.insist(context.Background(), "GET", query("/api/lines", "case", chain), "maya", nil, &lines)
	return lines
}

// download reads a file as maya.
func (c *cast) download(path string) []byte {
	req, err := http.NewRequest(http.MethodGet, c.url(path), nil)
	if err != nil {
		c.t.Fatalf("making a call: %v", err)
	}
	c.sign(req, "maya")
	resp, err := caller.Do(req)
	if err != nil {
		c.t.Fatalf("downloading: %v", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		c.t.Fatalf("downloading: status %d, %v", resp.StatusCode, err)
	}
	return body
}

// counted lists the ids of answers and acts that a chain says were counted.
func counted(lines []dossier.Line) []string {
	var ids []string
	for _, l := range lines {
		if f := l.Entry.Fact; f != nil && (f.Kind == review.FactCounted || f.Kind == review.FactTakenBack) {
			ids = append(ids, f.Answer)
		}
	}
	slices.Sort(ids)
	return ids
}
