package archive

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/review"
)

const (
	storyCase     = "onboarding/acme/1"
	storyContract = "contract/acme/1"
)

var (
	storyNoon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	storySeal = storyNoon.Add(72 * time.Hour)
)

// storyKey is the same key in every run, number by number.
func storyKey(n byte) *Key {
	return &Key{ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))}
}

func digestText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// story is a case with one of each: what happened, what was written, what was
// filed. Its pieces can be changed before lines and contents are made of them.
type story struct {
	entries []dossier.Entry
	bodies  map[string]dossier.Body
	texts   []string // documents by content
	erased  []string // entry ids whose body is erased by the last entry but one
}

func (s *story) add(process, run string, kind dossier.Kind, actor string, d dossier.Detail) *dossier.Entry {
	n := len(s.entries)
	at := storyNoon.Add(time.Duration(n) * time.Hour)
	s.entries = append(s.entries, dossier.Entry{ID: fmt.Sprintf("%s#%d", process, n+1), Case: storyCase, Process: process, Run: run, Kind: kind,
		At: at, CaseAt: at, Actor: actor, Detail: &d})
	return &s.entries[n]
}

func (s *story) fact(f review.Fact) *dossier.Entry {
	e := s.add(storyContract, "run-b", dossier.Request, "", dossier.Detail{})
	f.Request, f.At = "q1", e.At
	if f.Ballot != nil {
		f.Ballot.At = e.At
	}
	e.Detail, e.Fact = nil, &f
	return e
}

func (s *story) text(e *dossier.Entry, b dossier.Body) { s.bodies[e.ID] = b }

func (s *story) paper(content string) string {
	s.texts = append(s.texts, content)
	return digestText(content)
}

// closedStory is a whole case: two versions, a rejection of one thing and changes
// to another, a recusal, a delegation, one person on two seats, an erased text, a
// hostile name.
func closedStory() *story {
	s := &story{bodies: map[string]dossier.Body{}}
	s.add(storyCase, "run-a", dossier.CaseOpened, "rita", dossier.Detail{Vendor: "acme", Owner: "olga", Requester: "rita", Sponsor: "sid",
		Tier: 2, Playbook: "small", Digest: digestText("playbook")})
	s.add(storyCase, "run-a", dossier.ProcessStarted, "", dossier.Detail{})
	s.add(storyCase, "run-a", dossier.TierSet, "", dossier.Detail{Tier: 2})
	first := s.paper("# Agreement\n\n11.2 Either side.\n")
	second := s.paper("# Agreement\n\n11.2 Both sides.\n")
	s.add(storyContract, "run-b", dossier.ProcessStarted, "", dossier.Detail{Parent: storyCase})
	s.add(storyContract, "run-b", dossier.DocumentFiled, "olga", dossier.Detail{Name: "contract", Version: 1, Document: first, Size: 31, Media: "text/plain", ForVendor: true})
	seats := []review.Seat{{ID: "legal", Role: "legal"}, {ID: "security", Role: "security"}, {ID: "finance", Role: "finance"}}
	s.fact(review.Fact{Kind: review.FactOpened, Opened: &review.Request{ID: "q1", Case: storyCase, Process: storyContract, Step: "sign-off",
		Kind: review.Decision, Title: "Sign off the contract", Document: "contract", Owner: "olga", Vendor: "acme",
		Policy:   review.Policy{Groups: []review.Group{{Name: "all", Rule: review.RuleAll, Seats: seats}}, Pairs: []review.Pair{{A: "legal", B: "finance"}}},
		Seatings: []review.Seating{{Seat: "legal", Holders: []review.Holder{{Person: "lena", Via: review.ViaRole}}}, {Seat: "security", Holders: []review.Holder{{Person: "sven", Via: review.ViaRole}, {Person: "otto", Via: review.ViaRole}}}, {Seat: "finance", Holders: []review.Holder{{Person: "lena", Via: review.ViaRole}}}},
		Clocks:   []review.Clock{{}}, Versions: []review.Version{{Number: 1, Document: first}}}})
	e := s.fact(review.Fact{Kind: review.FactCounted, Ballot: &review.Ballot{Answer: "a1", Seat: "legal", Person: "lena", Verdict: review.Changes, Version: 1, Channel: "web"}})
	s.text(e, dossier.Body{Inside: "11.2 binds only us.\nSee <script>alert(1)</script>", Vendor: "Please make 11.2 mutual."})
	e = s.fact(review.Fact{Kind: review.FactRecused, Person: "sven", Answer: "a2"})
	s.text(e, dossier.Body{Inside: "my sister works at Acme"})
	s.erased = append(s.erased, e.ID)
	s.fact(review.Fact{Kind: review.FactSeated, Seat: "security", Answer: "a3", Holder: &review.Holder{Person: "dora", Via: review.ViaDelegate, From: "otto", Until: storyNoon.Add(900 * time.Hour)}})
	s.add(storyContract, "run-b", dossier.DocumentFiled, "olga", dossier.Detail{Name: "contract", Version: 2, Document: second, Size: 32, Media: "text/plain",
		Comparison: &engagement.Comparison{Changed: []string{"11.2"}, Same: 1}})
	s.fact(review.Fact{Kind: review.FactVersion, Version: &review.Version{Number: 2, Document: second, Touched: []review.Touch{{Version: 1, Seats: []string{"legal"}}}}})
	for i, b := range []review.Ballot{{Seat: "legal", Person: "lena"}, {Seat: "security", Person: "dora"}, {Seat: "finance", Person: "lena"}} {
		b.Answer, b.Verdict, b.Version = fmt.Sprintf("b%d", i), review.Approve, 2
		s.fact(review.Fact{Kind: review.FactCounted, Ballot: &b})
	}
	s.fact(review.Fact{Kind: review.FactRefused, Person: "rita", Answer: "c1", Outcome: &review.Outcome{Status: review.Refused, Refusal: review.OwnRequest, Request: "q1"}})
	s.fact(review.Fact{Kind: review.FactClosed, State: review.Met, Why: "decided"})
	s.add(storyContract, "run-b", dossier.ProcessEnded, "", dossier.Detail{Result: "signed"})
	s.add(storyCase, "run-a", dossier.ProcessEnded, "", dossier.Detail{Result: "live"})
	s.add(storyCase, "run-a", dossier.CaseClosed, "", dossier.Detail{Result: "live"})
	s.add(storyContract, "run-b", dossier.HistoryFiled, "", dossier.Detail{Document: s.paper(`{"events":["b"]}`)})
	s.add(storyCase, "run-a", dossier.HistoryFiled, "", dossier.Detail{Document: s.paper(`{"events":["a"]}`)})
	s.add(storyCase, "", dossier.Erased, "olga", dossier.Detail{Entries: s.erased, Rule: "art. 17"})
	return s
}

// openStory ends before anything was closed.
func openStory() *story {
	s := closedStory()
	s.entries, s.erased = s.entries[:10], nil
	s.texts = s.texts[:2]
	return s
}

func (s *story) lines() []dossier.Line {
	lines := chainedLines(storyCase, s.entries, s.bodies)
	for i := range lines {
		if last := lines[len(lines)-1].Entry; slices.Contains(s.erased, lines[i].Entry.ID) {
			lines[i].Body, lines[i].Salt, lines[i].Erased = nil, "", &dossier.Erasure{On: last.At, Rule: "art. 17"}
		}
	}
	return lines
}

func chainedLines(chain string, entries []dossier.Entry, bodies map[string]dossier.Body) []dossier.Line {
	var lines []dossier.Line
	prev := dossier.Genesis(chain)
	for i, e := range entries {
		e.Case = chain
		l := dossier.Line{N: i + 1, Entry: e, Prev: prev}
		if b, ok := bodies[e.ID]; ok {
			l.Salt, l.Body = fmt.Sprintf("salt-%012d", i), &b
			l.BodyDigest = dossier.BodyDigest(l.Salt, b)
		}
		l.Hash = dossier.LineHash(l)
		prev = l.Hash
		lines = append(lines, l)
	}
	return lines
}

// contents is the story as gather would find it, without an archive.
func (s *story) contents() contents {
	c := contents{lines: s.lines(), names: nameList{Vendor: dossier.Name{ID: "acme", Name: "Acme Ltd"}, People: []dossier.Name{
		{ID: "dora", Name: "Dora Dahl"}, {ID: "lena", Name: "Lena Lang"}, {ID: "olga", Name: "Olga Ochs"}, {ID: "sven", Name: "Sven \u202egnal"}}}}
	c.view = dossier.Fold(c.lines)
	register := []dossier.Entry{storyKey(1).Entry(storyNoon), s.entries[0]}
	c.register = chainedLines(dossier.Register, register, nil)
	c.end = chainEnd{len(c.register), c.register[len(c.register)-1].Hash}
	mentions := dossier.Mentions(c.lines)
	for i, path := range pathsOf(mentions) {
		k := slices.IndexFunc(s.texts, func(text string) bool { return digestText(text) == mentions[i].Digest })
		if k < 0 {
			continue
		}
		text := []byte(s.texts[k])
		c.papers = append(c.papers, paper{path: path, digest: mentions[i].Digest, size: int64(len(text)), crc: crc32.ChecksumIEEE(text),
			open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }})
	}
	return c
}

// packed is the dossier of a story, signed with key n.
func packed(t testing.TB, s *story, n byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.contents().write(&b, storyKey(n), storySeal); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// judged verifies a dossier that stands in memory.
func judged(t testing.TB, file []byte, known ...string) Verdict {
	t.Helper()
	v, err := Verify(bytes.NewReader(file), int64(len(file)), known)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
