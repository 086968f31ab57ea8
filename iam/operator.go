package iam

import "strings"

// family groups the condition operators by how they compare.
type family uint8

const (
	familyString family = iota
	familyStringFold
	familyLike
	familyNumeric
	familyDate
	familyBool
	familyBinary
	familyIP
	familyARN
	familyNull
)

// relation is the comparison of a numeric or date operator: request value, then policy value.
type relation uint8

const (
	relationEqual relation = iota
	relationLess
	relationLessEqual
	relationGreater
	relationGreaterEqual
)

func (r relation) holds(order int) bool {
	switch r {
	case relationLess:
		return order < 0
	case relationLessEqual:
		return order <= 0
	case relationGreater:
		return order > 0
	case relationGreaterEqual:
		return order >= 0
	case relationEqual:
	}
	return order == 0
}

// setPrefix is ForAllValues, ForAnyValue or neither.
type setPrefix uint8

const (
	setNone setPrefix = iota
	setAll
	setAny
)

// operator is a condition operator taken apart.
type operator struct {
	family   family
	relation relation
	negated  bool
	ifExists bool
	set      setPrefix
}

// operators lists the 27 operators of "IAM JSON policy elements: Condition operators",
// in lower case.
var operators = map[string]operator{
	"stringequals":              {family: familyString},
	"stringnotequals":           {family: familyString, negated: true},
	"stringequalsignorecase":    {family: familyStringFold},
	"stringnotequalsignorecase": {family: familyStringFold, negated: true},
	"stringlike":                {family: familyLike},
	"stringnotlike":             {family: familyLike, negated: true},
	"numericequals":             {family: familyNumeric},
	"numericnotequals":          {family: familyNumeric, negated: true},
	"numericlessthan":           {family: familyNumeric, relation: relationLess},
	"numericlessthanequals":     {family: familyNumeric, relation: relationLessEqual},
	"numericgreaterthan":        {family: familyNumeric, relation: relationGreater},
	"numericgreaterthanequals":  {family: familyNumeric, relation: relationGreaterEqual},
	"dateequals":                {family: familyDate},
	"datenotequals":             {family: familyDate, negated: true},
	"datelessthan":              {family: familyDate, relation: relationLess},
	"datelessthanequals":        {family: familyDate, relation: relationLessEqual},
	"dategreaterthan":           {family: familyDate, relation: relationGreater},
	"dategreaterthanequals":     {family: familyDate, relation: relationGreaterEqual},
	"bool":                      {family: familyBool},
	"binaryequals":              {family: familyBinary},
	"ipaddress":                 {family: familyIP},
	"notipaddress":              {family: familyIP, negated: true},
	"arnequals":                 {family: familyARN},
	"arnlike":                   {family: familyARN},
	"arnnotequals":              {family: familyARN, negated: true},
	"arnnotlike":                {family: familyARN, negated: true},
	"null":                      {family: familyNull},
}

// parseOperator reads an operator with its prefix and suffix. Letter case is ignored:
// documents in force spell prefixes in several ways.
func parseOperator(s string) (operator, bool) {
	name := strings.ToLower(s)
	set := setNone
	if rest, ok := strings.CutPrefix(name, "forallvalues:"); ok {
		name, set = rest, setAll
	} else if rest, ok := strings.CutPrefix(name, "foranyvalue:"); ok {
		name, set = rest, setAny
	}
	base, ifExists := strings.CutSuffix(name, "ifexists")
	op, ok := operators[base]
	if !ok || ifExists && op.family == familyNull {
		return operator{}, false
	}
	op.set, op.ifExists = set, ifExists
	return op, true
}
