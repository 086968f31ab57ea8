package library

import (
	"os"
	"testing"
)

func TestRegionsOffered(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("regions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var table Regions
	if err := strict(file{path: "regions.yaml", data: data}, &table); err != nil {
		t.Fatal(err)
	}
	type answer struct{ offered, known bool }
	for _, c := range []struct {
		service, region string
		want            answer
	}{
		{"bedrock", "eu-central-1", answer{true, true}},
		{"bedrock", "ap-east-1", answer{false, true}},
		{"bedrock-agent", "eu-central-1", answer{true, true}},
		{"bedrock-agent", "ap-east-1", answer{false, true}},
		{"bedrock-agent", "us-west-1", answer{false, false}}, // the sources disagree
		{"sagemaker", "us-iso-west-1", answer{false, true}},
		{"bedrock", "eu-nowhere-1", answer{false, false}},
		{"quantum", "eu-central-1", answer{false, false}},
	} {
		offered, known := table.Offered(c.service, c.region)
		if got := (answer{offered, known}); got != c.want {
			t.Errorf("Offered(%q, %q): got %+v, want %+v", c.service, c.region, got, c.want)
		}
	}
	if table.Source == "" || table.Date == "" {
		t.Errorf("got source %q and date %q, want both", table.Source, table.Date)
	}
}
