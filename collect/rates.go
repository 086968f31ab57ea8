package collect

// DefaultRates are the budgets of the services, per account and Region; "" is for
// services that are not in the table. A rate that is too high costs retries, not
// answers: see [Rate].
var DefaultRates = map[string]Rate{
	"":    {Start: 5, Max: 50, Burst: 10, Source: "assumption: no figure is published"},
	"iam": {Start: 15, Max: 60, Burst: 60, Source: "assumption: not published, shared by all users of the account"},
	"s3":  {Start: 800, Max: 2000, Burst: 400, Source: "assumption: not published for reads of bucket settings"},
}
