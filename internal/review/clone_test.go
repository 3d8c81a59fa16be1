package review

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A copy says the same and shares nothing that could be changed through it, in any field
// that there is, also one that is added tomorrow.
func TestACopyOfARequestSharesNothing(t *testing.T) {
	t.Parallel()
	var r Request
	fill(reflect.ValueOf(&r).Elem())
	c := r.Clone()
	if d := cmp.Diff(r, c); d != "" {
		t.Fatalf("the copy says something else (-request +copy):\n%s", d)
	}
	shared(t, "Request", reflect.ValueOf(r), reflect.ValueOf(c))
}

// fill puts something into every field, one element into each list.
func fill(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)))
		return
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case v.Kind() == reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case v.Kind() == reflect.String:
		v.SetString("x")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(7)
	case v.CanUint():
		v.SetUint(7)
	case v.CanFloat():
		v.SetFloat(7)
	default:
		panic("nobody fills " + v.Type().String())
	}
}

// shared names each place at which two values are one in memory.
func shared(t *testing.T, at string, a, b reflect.Value) {
	t.Helper()
	switch a.Kind() {
	case reflect.Struct:
		if a.Type() == reflect.TypeFor[time.Time]() { // its zone is never changed
			return
		}
		for i := range a.NumField() {
			shared(t, at+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	case reflect.Slice:
		if a.Pointer() == b.Pointer() {
			t.Errorf("%s is one list in both", at)
		}
		for i := range a.Len() {
			shared(t, at+"[]", a.Index(i), b.Index(i))
		}
	case reflect.Pointer:
		if a.Pointer() == b.Pointer() {
			t.Errorf("%s leads to one value from both", at)
		}
		shared(t, at, a.Elem(), b.Elem())
	case reflect.Map:
		if a.Pointer() == b.Pointer() {
			t.Errorf("%s is one table in both", at)
		}
	}
}
