package engagement

// ProposeKind proposes what kind of document a text is.
func ProposeKind(text string) DocumentKind { return KindUnknown }
