package payload

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	"gangway/internal/review"
)

func answer() review.Answer {
	at := time.Date(2026, 11, 21, 22, 52, 16, 359929882, time.UTC)
	return review.Answer{ID: "web-3c4x5kq2v7m6n8p9r2s4t6v8w2", Request: "onboarding/acme-payroll/12:security.1", Verdict: review.Approve, Channel: "web", At: at,
		Person: review.Person{ID: "ravi", Roles: []string{"security", "staff"}, Manager: "helen", Active: true, Revision: 7}}
}

// What goes in comes out, smaller in between.
func TestAnAnswerIsPacked(t *testing.T) {
	t.Parallel()
	c := Converter()
	packed, err := c.ToPayload(answer())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(answer())
	if err != nil {
		t.Fatal(err)
	}
	if got := string(packed.GetMetadata()[converter.MetadataEncoding]); got != Encoding || 2*len(packed.GetData()) > len(text) {
		t.Errorf("%d bytes became %d as %s, want less than half", len(text), len(packed.GetData()), got)
	}
	var out review.Answer
	if err := c.FromPayload(packed, &out); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(answer(), out); d != "" {
		t.Errorf("it came back changed:\n%s", d)
	}
}

// An operator's tool sends plain JSON, and what was written before there was a
// packing is plain as well.
func TestPlainPayloadsAreRead(t *testing.T) {
	t.Parallel()
	plain, err := converter.GetDefaultDataConverter().ToPayload(answer())
	if err != nil {
		t.Fatal(err)
	}
	var out review.Answer
	if err := Converter().FromPayload(plain, &out); err != nil || out.ID != answer().ID {
		t.Errorf("got %+v, %v", out, err)
	}
}

// What is short, not JSON, or says more about itself than its encoding stays.
func TestWhatIsNotPacked(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat([]byte("a"), 1000)
	encoded := func(e string, more ...string) map[string][]byte {
		m := map[string][]byte{converter.MetadataEncoding: []byte(e)}
		for _, k := range more {
			m[k] = []byte("x")
		}
		return m
	}
	for name, p := range map[string]*common.Payload{
		"short":     {Metadata: encoded(plain), Data: []byte(`{"result":"live"}`)},
		"bytes":     {Metadata: encoded(converter.MetadataEncodingBinary), Data: long},
		"typed":     {Metadata: encoded(plain, "messageType"), Data: long},
		"encrypted": {Metadata: encoded("binary/encrypted"), Data: long},
		"nothing":   {Metadata: encoded(converter.MetadataEncodingNil)},
		"bare":      {Data: long},
	} {
		got, err := newPacker().Encode([]*common.Payload{p})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(p, got[0], protocmp.Transform()); d != "" {
			t.Errorf("%s became something else:\n%s", name, d)
		}
		back, err := newPacker().Decode(got)
		if err != nil || cmp.Diff(p, back[0], protocmp.Transform()) != "" {
			t.Errorf("%s came back as %v, %v", name, back, err)
		}
	}
}

// TestAnyJSONComesBack: also beside others, and from writers used before.
func TestAnyJSONComesBack(t *testing.T) {
	t.Parallel()
	p := newPacker()
	rapid.Check(t, func(t *rapid.T) {
		var all []*common.Payload
		for _, s := range rapid.SliceOfN(rapid.String(), 1, 5).Draw(t, "texts") {
			data, err := json.Marshal(strings.Repeat(s, 9))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, &common.Payload{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(plain)}, Data: data})
		}
		packed, err := p.Encode(all)
		if err != nil {
			t.Fatal(err)
		}
		back, err := p.Decode(packed)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(all, back, protocmp.Transform()); d != "" {
			t.Fatalf("came back changed:\n%s", d)
		}
	})
}

// TestWordsStay: what lies in histories is unpacked by exactly these words.
func TestWordsStay(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte(words1))
	if got, want := hex.EncodeToString(sum[:]), "2f26ca17f42f41a7b0eb173cc076898d04069d1537ed00e0bcb7ab711cb8dcab"; got != want {
		t.Errorf("the first list of words is another (%s): make a second list under a name of its own, and keep this one", got)
	}
}

// TestAStoredPayload: what a release has written stays readable.
func TestAStoredPayload(t *testing.T) {
	t.Parallel()
	data, err := hex.DecodeString("420a1ce364930ad3ec42a332f35cb33c8b02cb22a3629312b3328b72235c8e484cce4dd52d48ac2ccacfc9d13734b22a4e4d2e2dca2ca9848526a1102c4a2ccb440e45987e882bd3d250433523350752b4e0085a73bc416b68a86b6418626464656a646568a6676c6a69696469616114a5540b080000ffff")
	if err != nil {
		t.Fatal(err)
	}
	var out review.Answer
	stored := &common.Payload{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(Encoding)}, Data: data}
	if err := Converter().FromPayload(stored, &out); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(answer(), out); d != "" {
		t.Errorf("a stored answer reads otherwise:\n%s", d)
	}
}

// A payload that was cut, or blown up, is an error and no memory.
func TestDamagedPayloads(t *testing.T) {
	t.Parallel()
	packed, err := Converter().ToPayload(answer())
	if err != nil {
		t.Fatal(err)
	}
	for n := range packed.GetData() {
		cut := &common.Payload{Metadata: packed.GetMetadata(), Data: packed.GetData()[:n]}
		if err := Converter().FromPayload(cut, new(review.Answer)); err == nil {
			t.Errorf("%d of %d bytes are read without a complaint", n, len(packed.GetData()))
		}
	}
	bomb, err := newPacker().deflate(make([]byte, most+1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newPacker().inflate(bomb); err == nil {
		t.Errorf("%d bytes became more than %d without a complaint", len(bomb), most)
	}
}

// FuzzDecode: whatever stands in a history, unpacking ends.
func FuzzDecode(f *testing.F) {
	packed, err := Converter().ToPayload(answer())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed.GetData())
	f.Add([]byte{})
	f.Add([]byte{0xff, 0xff})
	f.Fuzz(func(t *testing.T, data []byte) {
		back, err := newPacker().Decode([]*common.Payload{{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(Encoding)}, Data: data}})
		if err == nil && len(back[0].GetData()) > most {
			t.Errorf("%d bytes became %d", len(data), len(back[0].GetData()))
		}
	})
}
