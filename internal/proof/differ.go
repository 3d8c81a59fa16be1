package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
)

// nothing stands for a value that one side does not have.
const nothing = "nothing"

// shownMost bounds a value as a difference shows it, in bytes.
const shownMost = 120

// mismatch is where two JSON values are not the same, and what stands there.
type mismatch struct {
	field string // entries[0].fact.ballot.verdict; empty: the whole value
	a, b  string
}

// differPayloads compares what two payloads say. Every payload of ours is one JSON
// value; how it is written (order of members, spaces) does not matter.
func differPayloads(a, b *common.Payloads) (mismatch, bool) {
	if len(a.GetPayloads()) != len(b.GetPayloads()) {
		return mismatch{a: fmt.Sprintf("%d values", len(a.GetPayloads())), b: fmt.Sprintf("%d values", len(b.GetPayloads()))}, true
	}
	for i, one := range a.GetPayloads() {
		m, differs := differPayload(one, b.GetPayloads()[i])
		if differs {
			return m, true
		}
	}
	return mismatch{}, false
}

func differPayload(a, b *common.Payload) (mismatch, bool) {
	if bytes.Equal(a.GetData(), b.GetData()) && slices.Equal(a.GetMetadata()[converter.MetadataEncoding], b.GetMetadata()[converter.MetadataEncoding]) {
		return mismatch{}, false
	}
	left, right := readValue(a), readValue(b)
	return differ("", left, right)
}

// readValue reads a payload's JSON; what is none is compared as its bytes.
func readValue(p *common.Payload) any {
	switch string(p.GetMetadata()[converter.MetadataEncoding]) {
	case converter.MetadataEncodingNil:
		return nil
	case converter.MetadataEncodingJSON:
		value, err := readJSON(p.GetData())
		if err == nil {
			return value
		}
	}
	return fmt.Sprintf("%s %x", p.GetMetadata()[converter.MetadataEncoding], p.GetData())
}

// readJSON reads one JSON value; numbers stay as they are written, so that none is
// rounded.
func readJSON(text []byte) (value any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&value)
	if err == nil && d.More() {
		err = fmt.Errorf("there is more after the value")
	}
	return value, err
}

// differValues compares two values by the JSON that they are written as.
func differValues(a, b any) (mismatch, bool) {
	left, err := json.Marshal(a)
	if err != nil {
		return mismatch{a: "what can't be written", b: err.Error()}, true
	}
	right, err := json.Marshal(b)
	if err != nil {
		return mismatch{a: err.Error(), b: "what can't be written"}, true
	}
	encoding := map[string][]byte{converter.MetadataEncoding: []byte(converter.MetadataEncodingJSON)}
	return differPayload(&common.Payload{Metadata: encoding, Data: left}, &common.Payload{Metadata: encoding, Data: right})
}

// differ finds the first place where two values are not the same. A member that one
// side lacks is the same as an empty one: what enters a payload is only ever
// extended, and a new field's zero value means what its absence meant.
func differ(field string, a, b any) (mismatch, bool) {
	switch left := a.(type) {
	case map[string]any:
		if right, ok := b.(map[string]any); ok {
			return differMembers(field, left, right)
		}
	case []any:
		if right, ok := b.([]any); ok {
			return differItems(field, left, right)
		}
	}
	if isZero(a) && isZero(b) || sameScalar(a, b) {
		return mismatch{}, false
	}
	return mismatch{field: field, a: show(a), b: show(b)}, true
}

func sameScalar(a, b any) bool {
	switch a.(type) {
	case map[string]any, []any:
		return false
	}
	switch b.(type) {
	case map[string]any, []any:
		return false
	}
	return a == b
}

func differMembers(field string, a, b map[string]any) (mismatch, bool) {
	var names []string
	for name := range a {
		names = append(names, name)
	}
	for name := range b {
		if _, both := a[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		path := name
		if field != "" {
			path = field + "." + name
		}
		m, differs := differ(path, a[name], b[name])
		if differs {
			return m, true
		}
	}
	return mismatch{}, false
}

func differItems(field string, a, b []any) (mismatch, bool) {
	for i := range min(len(a), len(b)) {
		m, differs := differ(fmt.Sprintf("%s[%d]", field, i), a[i], b[i])
		if differs {
			return m, true
		}
	}
	if len(a) == len(b) {
		return mismatch{}, false
	}
	i := min(len(a), len(b))
	m := mismatch{field: fmt.Sprintf("%s[%d]", field, i), a: nothing, b: nothing}
	if i < len(a) {
		m.a = show(a[i])
	} else {
		m.b = show(b[i])
	}
	return m, true
}

// isZero reports a value that a payload may leave out.
func isZero(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case json.Number:
		return v == "0"
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, member := range v {
			if !isZero(member) {
				return false
			}
		}
		return true
	}
	return false
}

// show writes a value in one line, and no more of it than helps.
func show(v any) string {
	if v == nil {
		return nothing
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "what can't be written"
	}
	if len(text) > shownMost {
		return strings.ToValidUTF8(string(text[:shownMost]), "") + "…"
	}
	return string(text)
}
