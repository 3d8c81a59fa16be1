// Package entitlement is which access to code people of a vendor are granted, as a form
// asks for it, and how it stands: clean, found, or not checkable.
//
// It is pure: no clock, no network. It may import engagement, for the forms that people
// fill in, and nothing else of ours.
package entitlement
