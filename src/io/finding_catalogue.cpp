#include "ombre/io/finding_catalogue.hpp"

namespace ombre::inline v0::io {
namespace {

constexpr Source own_findings{"ombre-findings", "ombre, findings of readers and computations",
                              "v0"};

constexpr FindingText texts[] = {
    // ---- cells and rows of tables
    {"alike_persons", "Two ids differ only in letter case, blanks, hyphens or underscores",
     "They count as two people, because ids may be case-sensitive. If they are one person, spell "
     "them alike in the file."},
    {"wording_of_a_written_review",
     "A written review holds a word that this library does not use of people",
     "The text may have been changed since it was written. It is shown as it stands; what else to "
     "write is named. Words in quotation marks are the person's own and are not looked at."},
    {"blanks_around_name", "Names with blanks around them",
     "Blanks before and after names of people, substances and units are left off; the finding "
     "counts them."},
    {"blanks_around_value", "A number with blanks around it",
     "It is not read, and its row is set aside or its value not known: blanks inside quotes often "
     "come from shifted columns."},
    {"missing_value", "An empty cell where a value is needed",
     "The row is left out. In survival models `--refuse-missing` stops instead."},
    {"missing_person", "A row without the person's id", "The row is set aside."},
    {"missing_substance", "A row without a substance", "The row is set aside."},
    {"missing_day", "A row without a day", "The row is set aside."},
    {"not_a_number", "A cell that should hold a number and does not",
     "Decimal numbers are written with a point (2.5) and without a unit or thousands sign. In "
     "tables of use the day counts as not known, so that nothing is taken for no use."},
    {"not_a_whole_number", "A cell that should hold a whole number and does not",
     "The row is set aside."},
    {"not_finite", "Infinity or not-a-number in a cell",
     "It is not read; in tables of use the day counts as not known."},
    {"number_out_of_range", "A number too large or too small to be held",
     "It is not read; in tables of use the day counts as not known, elsewhere the row is set "
     "aside."},
    {"not_a_date", "A cell that should hold a date and does not",
     "Dates are written YYYY-MM-DD. The row is set aside."},
    {"not_a_day", "A cell that is neither a date nor a day number",
     "Days are dates written YYYY-MM-DD or whole numbers, one of the two in the whole table. The "
     "row is set aside."},
    {"impossible_date", "A date the calendar does not have",
     "Such as 2023-02-30. The row is set aside; which day was meant is not guessed."},
    {"not_a_flag", "A cell that should say 1 or 0 and does not",
     "1, 0, true and false are read. The row is set aside."},
    {"not_yes_or_no", "A cell of a yes-or-no column that says neither",
     "1 or 0, yes or no, positive or negative, true or false are read. Whether there was use is "
     "then not known on that day."},
    // ---- tables of use
    {"negative_amount", "An amount below 0",
     "There is no such amount, so whether there was use is not known; some files mark missing "
     "values that way."},
    {"amount_below_zero", "An amount below 0 in a table of self-reports",
     "It says nothing and is read as not known; some files mark missing values that way."},
    {"looks_like_missing_code", "An amount such as 99 or 999",
     "It is kept as an amount, which it may be. If it is the file's code for a missing value, "
     "leave "
     "the cell empty."},
    {"amount_not_given", "Rows of use without an amount",
     "Their days count as use of an amount that is not known; the finding counts them."},
    {"amount_though_no_use", "An amount in a row that says there was no use",
     "The two contradict each other: the day counts as use, its amount as not known."},
    {"no_amount_though_use", "An amount of 0 in a row that says there was use",
     "The two contradict each other: the day counts as use, its amount as not known."},
    {"amount_though_not_reported", "An amount in a row that says the day was not reported",
     "The two contradict each other: the day counts as not known."},
    {"every_row_is_use", "No column of amounts and none of yes and no",
     "Each row then counts as use of an unknown amount. A column with yes or no (used, result) is "
     "found by its name or named with --used."},
    {"columns_not_read", "Columns of the file that are not read",
     "Named so that a column that matters, under an unexpected name, is noticed."},
    {"spelt_differently", "Another spelling of a name read before",
     "Spellings that differ in letter case or blanks are read as one."},
    {"same_substance", "Two names the catalogue knows as one substance",
     "Such as ethanol and alcohol. They are kept apart, as the file has them; give both one name "
     "to "
     "count them together."},
    {"unknown_unit", "A unit ombre does not know",
     "Amounts are kept in it as they are and never converted; `--factor` says what it holds."},
    {"units_converted", "Amounts in several units were counted in one",
     "Units whose grams of ethanol are known were converted into the unit most rows have."},
    {"unknown_route", "A route ombre does not know",
     "The row is read as one whose route is not stated."},
    {"unknown_source", "A kind of source ombre does not know",
     "Known are self_report, urine, breath, collateral and others (docs/file-formats.md). The row "
     "is read as one whose source is not stated."},
    {"urine_or_breath", "A test that does not say whether it was urine or breath",
     "It is read as urine."},
    // ---- windows
    {"window_given_twice", "A second window for a person",
     "The first row stands; this one is set "
     "aside."},
    {"end_before_start", "A window that ends before it starts", "The row is set aside."},
    // ---- tables of trials
    {"person_listed_twice", "A person stands twice in the table of people",
     "The first row stands."},
    {"person_unknown", "Rows of somebody who is not in the table of people", "They are set aside."},
    {"row_without_day", "A row without a day", "It was not dated and is set aside."},
    {"result_unknown", "A test result that is neither positive nor negative",
     "It counts as no result: no negative week is made of it."},
    {"name_without_rule", "Drugs or kinds of visits that no rule of the schedule mentions",
     "They count for nothing. If one is another spelling of a drug that counts, a positive test "
     "would be lost: compare the names with the schedule."},
    {"arm_without_rule", "An arm for which no rule says which drugs count",
     "No word is made for its people."},
    {"trial_without_schedule", "A trial for which there is no schedule",
     "Nothing is computed for its people."},
    {"day_zero_unknown", "The day from which the schedule counts is not known",
     "Nothing is computed for the person."},
    {"study_days_unusable", "A first study day from which no study can be laid out",
     "There are no study days or far too many, or week 1 or a randomisation is far away from them; "
     "nothing is computed for the person."},
    {"person_without_visits", "A person without a row in the visit table",
     "Every planned visit counts as missed."},
    {"visit_outside_study", "Attended visits outside the study days", "They are ignored."},
    {"visit_before_randomization", "Attended visits before randomisation",
     "They belong to the baseline."},
    {"visit_repeated", "Several attended visits on one day", "They are counted once."},
    {"visit_attended_and_missed", "A day marked attended and missed", "Attended holds."},
    {"screen_outside_study", "Urine screens outside the study days", "They are ignored."},
    {"screen_disagrees", "A drug found and not found on the same day", "Found holds."},
    {"self_report_outside_study", "Self-reports outside the study days", "They are ignored."},
    {"randomization_repeated", "A randomisation that is listed twice", "It is counted once."},
    {"randomization_disagrees", "A randomisation listed on two days",
     "The earlier day is used; look it up."},
    {"randomization_without_earlier", "A later randomisation without the one before it",
     "It is set aside."},
    {"randomization_before_earlier", "A later randomisation that lies before an earlier one",
     "It is used as it is; one of the days is probably wrong."},
    // ---- words and endpoints
    {"no_person", "A word without a person's id", "It has its results under an empty id."},
    {"duplicate_person", "A person who came before", "Both rows have their results."},
    {"duplicates_not_checked", "Ids in no order, and more than 4 million of them",
     "People beyond were not compared with those before; sort the file to have all compared."},
    {"unknown_symbol", "A word with a symbol other than + - * o _",
     "The person keeps a row without results; `--stop-on-doubt` stops instead."},
    {"empty_word", "A person without a word",
     "No visit was due, or none could be made: no results."},
    {"no_arm", "A person without an arm", "They are in no comparison of arms."},
    {"window_outside_word", "A definition looks only at weeks the word does not have",
     "Its result then says nothing about the person; follow-up was too short for it."},
    {"window_cut", "The word ends within the weeks a definition looks at",
     "It is computed from the weeks there are."},
    // ---- day-level abstinence
    {"row_incomplete", "A row without a day, an amount or a visit",
     "It is set aside; the person still counts as present."},
    {"person_only_in_follow_back", "A person without a visit", "They are not scored."},
    {"person_only_in_visits", "A person without a follow-back record", "They are not scored."},
    {"person_only_in_biochemical", "A person with neither follow-back nor visits",
     "They are not scored."},
    {"amount_duplicate", "Several records of one day", "Merged by the rule of the configuration."},
    {"amount_negative", "Amounts below 0 after cleaning",
     "They count as abstinent and are often a code for a missing value: set outlier bounds."},
    {"visit_duplicate", "Several days for one visit", "Merged by the rule of the configuration."},
    {"visit_mean_rounded", "The mean of a visit's days falls between two days",
     "The earlier one is taken."},
    {"visit_without_shift", "Nothing says how far a visit lies from the anchor",
     "Where it is missing it stays without a day."},
    {"span_too_long", "Records more than 73 000 days apart",
     "Gaps of this person stay open; a date is probably wrong."},
    {"visits_out_of_order", "The start visit lies after the end visit",
     "There is no window. The result is 0 with intention to treat, as in the published package, "
     "and "
     "missing for responders only; most often a date or the name of a visit is wrong."},
    {"window_empty", "No day lies in the window of a measure",
     "Both visits fall on one day, or the grace reaches the end visit. The result is 0 with "
     "intention to treat and missing for responders only."},
    {"visit_without_day", "A visit of the measure has no day",
     "There is no window, and intention to treat gives 0 all the same."},
    {"days_filled", "How much of the results was filled in",
     "Days without a record and missing visits were filled by the configuration's rules; the tidy "
     "layout counts them for each result."},
    // ---- survival
    {"event_code_never_occurs", "No row has the status that means the event",
     "There are no events; is it the right code?"},
    {"overlapping_intervals", "A person is at risk twice at one time",
     "Rows of one person overlap; each is counted."},
    {"overlapping_rows_without_entry",
     "A person has several rows, and nothing says where they begin",
     "Without `--entry` every row begins at 0, so rows of one person overlap and each is counted. "
     "Where they follow each other, name the column in which each begins; where they belong "
     "together in another way (two eyes, members of one family), name them as a cluster."},
    {"no_match", "A row whose key the joined table does not have",
     "It gets missing values in the joined columns."},
    {"zero_weight", "A row with weight 0", "It counts for nothing."},
    {"no_events", "Nobody has the event", "Nothing can be estimated."},
    {"no_events_in_stratum", "A stratum without events", "It adds nothing to the estimate."},
    {"codes_one_and_two", "A status of 1 and 2 only",
     "Here 1 is an event at the time and 2 an event before it (left-censored). Many files mean "
     "censored and event; write 0 and 1 then."},
    {"few_clusters", "Robust errors from few clusters",
     "They are sums over clusters, and a few clusters say little about how clusters differ; errors "
     "are often far too small with fewer than 20 (Cameron & Miller, J Hum Resour 50:317, 2015)."},
    {"no_band", "A curve for which no simultaneous band can be made",
     "All its events are at one time, or there are none; intervals at each time stand all the "
     "same."},
    {"constant_column", "A column that has one value", "It is left out of the model."},
    {"collinear_column", "A column that others determine", "It is left out of the model."},
    {"infinite_coefficient", "The likelihood grows for ever along a coefficient",
     "As where a group has no event: its value is where the search stopped, and its standard error "
     "means nothing."},
    {"at_boundary", "The likelihood grows toward the edge of the family",
     "A scale of 0 or without bound, or a shape beyond its limit. There is no maximum, so there "
     "are "
     "no standard errors."},
    {"too_few_people", "One person, or fewer people than the model has parameters",
     "A standard error says how far the answer would move with other people of the same kind; so "
     "few "
     "cannot tell. Choose a family with fewer parameters, such as the exponential, or fewer "
     "covariates."},
    {"iteration_limit", "The search stopped at its limit of steps",
     "It had not converged; do not use its numbers without a look."},
    {"not_converged", "The search did not come to rest", "Do not use its numbers."},
    {"horizon_beyond_follow_up", "A time beyond the last one anybody was followed to",
     "The curve is not known there; choose an earlier time."},
    {"time_beyond_follow_up", "A time beyond the last one anybody of a group was followed to",
     "The curve is carried forward; nothing is known there."},
    {"eligibility_unknown", "A row that lacks the value a condition asks about",
     "Whether the person is eligible is not known; the row is left out."},
    {"rows_chosen", "How many rows a condition keeps", "So that a paper can say who was left out."},
    {"too_few_events", "A model with as many coefficients as events, or more",
     "Events are what a hazard is learned from; so few cannot tell so many coefficients apart."},
    {"weights_taken_as_counts", "Weights that are not all whole numbers",
     "The variance takes them as numbers of people; robust errors do not."},
    {"groups_spelt_alike", "Groups that only capitals or blanks tell apart",
     "They are kept apart, as the file has them; most likely they are one."},
    {"term_of_many_columns", "A covariate with a column for every other row or more",
     "Words become a column each; a name of each person says nothing about others."},
    {"not_determined", "A parameter the data hardly tell anything about",
     "Its standard error is so large that neither it nor what depends on it can be used."},
    {"option_without_effect", "An option that changes nothing in what is written",
     "It belongs to another output of the same command."},
    {"no_test", "Groups that cannot be compared",
     "There is one group only, or no event tells the groups apart."},
    {"too_few_replicates", "An interval that ends at the smallest or largest replicate",
     "More replicates are needed for this level."},
    // ---- instruments
    {"column_not_used", "A column that is not part of the instrument", "It is not read."},
    {"item_without_column", "An item of the instrument without a column",
     "It counts as not answered."},
    // ---- substances, mixtures, situations
    {"diazepam_sources_disagree", "Equivalents of diazepam that differ by more than 1.5 times",
     "The answer is the interval over all sources: its low end to start a substitution, its high "
     "end to judge the risk of withdrawal."},
    {"diazepam_compilation_range", "A compilation's wide range",
     "It is listed and not part of the interval unless asked for."},
    {"mme_amount_not_known", "An opioid without an amount",
     "The total of morphine equivalents is then unknown, never 0."},
    {"mme_buprenorphine_not_counted", "Buprenorphine in a list of opioids",
     "It is a partial agonist whose risk does not follow morphine equivalents: it is not counted."},
    {"mme_methadone_band", "Methadone by the band of its whole daily dose",
     "CDC 2016 gives methadone a factor that rises with the daily dose; the finding says which."},
    {"mme_mu_activity_only", "An opioid that also acts otherwise",
     "Tramadol and tapentadol: the equivalent counts the opioid effect only; part of the effect, "
     "and "
     "of the withdrawal, is that of an SNRI."},
    {"mme_no_factor", "An opioid or form without a factor in the edition",
     "The total is then unknown, never 0."},
    {"mme_patch_12", "A fentanyl patch labelled 12 mcg/h",
     "It delivers 12.5; 12 was counted as given."},
    {"mme_patch_rate_implausible", "A patch rate above 300 mcg/h",
     "It is more likely the content of the patch or a sum over days. The rate is printed on it."},
    {"mme_unknown_potency", "An opioid of unknown strength",
     "Heroin, illicitly made fentanyl, nitazenes: no factor exists, and the total is unknown, "
     "never "
     "0."},
    {"mme_thresholds_not_for_treatment", "Thresholds of morphine equivalents and opioid treatment",
     "They are for pain prescribing; doses that treat opioid use disorder are not held against "
     "them."},
    {"mixture_name_not_recognised", "A name that is in no table of substances",
     "Nothing can be said about mixing it; that does not mean safe."},
    {"mixture_unknown_substance", "Something of which is not known what it is",
     "It may hold an opioid or a sedative, and nothing clears it."},
    {"mixture_unknown_potency", "A substance whose strength varies",
     "It may be far stronger than the time before and hold other substances as well."},
    {"mixtures_not_looked_at", "Pairs of substances that could not be looked at",
     "The reason stands in the finding; nothing was cleared."},
    {"substance_not_recognised", "A substance of a situation that no table knows",
     "It is kept by its name, and no rule about substances looks at it."},
    {"designer_benzodiazepine", "A benzodiazepine from the street, by its own name or not",
     "Such as etizolam or bromazolam: nothing is recorded about it but what holds for the class, "
     "no "
     "equivalent and no half-life. What is sold under the name varies in strength and may hold an "
     "opioid. As with all benzodiazepines, stopping suddenly can bring seizures, and with opioids "
     "or "
     "alcohol it stops breathing."},
    {"no_layer_known", "No layer of protection against a harm is known",
     "One could be added; see `ombre options`."},
    {"one_layer_only", "One layer alone protects against a harm",
     "If it has a hole on a bad day, nothing else is there."},
    {"naloxone_needed", "Naloxone is needed and not known to be at hand",
     "The reasons stand in the finding."},
    {"tolerance_lost", "A dose the body was used to may now be too much",
     "After days without an opioid, a taper, a stay or a release: start far lower, not alone, with "
     "naloxone at hand."},
    {"suicide_ask_now", "Thoughts of suicide come first",
     "Ask today, directly and kindly; stay with somebody in danger. A crisis line or the emergency "
     "number of the country helps at any hour."},
    {"violence_ask_now", "Home is not safe",
     "Ask in private whether there is danger today; what happens next is decided by the person who "
     "lives with it."},
    {"stop_can_kill", "Alcohol, a sedative or GHB is about to stop at once",
     "Told where dependence, or heavy daily use, and a stop from one day to the next are known and "
     "medical help with it is not known to be there. See a doctor first; see `managed_withdrawal` "
     "and `gradual_reduction`."},
    {"opioid_stop_in_pregnancy", "Opioids are about to stop at once in pregnancy",
     "Methadone or buprenorphine is the standard then, with care for both."},
    {"opioid_stop_ahead", "Opioids are about to stop at once",
     "Withdrawal comes, and tolerance falls within days; agonist treatment or small steps are "
     "safer."},
    {"agonist_end_ahead", "Methadone or buprenorphine may end",
     "The four weeks after the end are a peak of danger. Staying on protects; an end is slow, "
     "planned, and with naloxone at hand."},
    {"sex_disagrees", "The file and --sex name two sexes for one row",
     "Where cut-offs differ by sex, the file's column is used for that row; `--sex` stands in only "
     "where the column is empty. Correct whichever is wrong."},
    {"safety_item", "A question about suicide or self-harm was named, or left out",
     "Item 9 of the PHQ-9 or a question of the C-SSRS. Ask about safety today, directly and "
     "kindly, whatever the other scores say; a question left out is not a no."},
    {"date_in_the_future", "A date lies after today",
     "The library reads no clock: the program takes the machine's date, or `--today`. Days since a "
     "release, a discharge or a cut are counted to the situation's date, so a wrong year hides "
     "tolerance that is lost."},
    {"below_18", "The person is below 18",
     "Medicines for drinking, injected naltrexone, varenicline and cytisine, managed alcohol and "
     "heroin-assisted treatment are held back: labels and programmes are for adults, and NICE "
     "CG115 "
     "asks for a specialist assessment from 10 to 17. Naloxone, care and company stay. The age "
     "is read from `age_years`, or said with `under_18`."},
    {"alcohol_in_pregnancy", "Alcohol in pregnancy",
     "No amount is known to be safe for the child; every drink less helps. If the body depends on "
     "it, a stop belongs in a hospital."},
    {"naloxone_not_for_ghb", "Naloxone does not work on GHB",
     "Turn somebody who cannot be woken on the side, stay, and call for help; give naloxone where "
     "an opioid may have been taken."},
    {"answers_disagree", "Two answers about one thing disagree",
     "Such as no opioid used, and heroin among what is used. The one with more danger is used "
     "until somebody asks; the finding names both."},
    {"days_not_carried_on", "A count of days whose age is not known",
     "It was said on a day, and the situation has no date: the days since then are not counted."},
    {"pair_breathing", "A pair that slows breathing together is used",
     "Severity and words are those of the table of mixtures; see `ombre mix`."},
    {"pair_heart", "A pair that strains heart or blood pressure together is used",
     "Severity and words are those of the table of mixtures; see `ombre mix`."},
    {"pair_seizure", "A pair that makes seizures more likely is used",
     "Severity and words are those of the table of mixtures; see `ombre mix`."},
    {"pair_serotonin", "A pair that adds to serotonin toxicity is used",
     "Severity and words are those of the table of mixtures; see `ombre mix`."},
    {"pair_other", "A pair that is dangerous in another way is used",
     "Such as naltrexone with an opioid, or disulfiram with alcohol. Words are those of the table "
     "of mixtures; see `ombre mix`."},
    // ---- doses
    {"does_not_fit", "A dose that cannot be made from the products there are",
     "The finding names the step and what would be needed."},
    {"goes_up", "A dose that rises at a step of a taper", "Told because a taper goes down."},
    {"held", "A dose that stays while the ideal curve falls",
     "The products allow no smaller step here."},
    {"not_proven_closest", "A plan that keeps its ceiling and may not be the closest one",
     "The search stopped early; the finding says by how much a better one could be closer."},
    {"step_not_settled", "The body has not settled when the next step comes",
     "Judge the step later, or expect more of its effect to come."},
    // ---- requests of other programs
    {"text_says_other_days", "A dosage whose text and structure name different lengths",
     "Both are shown and neither is taken for the right one: ask who wrote it."},
    {"gap_between_steps", "Days between two dosages without a dose",
     "Nothing is taken on them by what the request says; ask whether that is meant."},
    {"steps_overlap", "Two dosages of different sequence on the same days",
     "Both are asked for on those days; ask which is meant."},
    {"unit_not_coded", "A dose whose unit is text only",
     "It is taken for what it says; a UCUM code would leave no doubt."},
};

}  // namespace

std::span<const FindingText> finding_texts() noexcept { return texts; }

std::vector<Explanation> explain_findings() {
  std::vector<Explanation> out;
  for (const FindingText& one : texts) {
    Explanation page;
    page.name = one.id;
    page.kind = "finding";
    page.title = one.title;
    page.text = one.text;
    page.sources.push_back({&own_findings, Confidence::proposal});
    out.push_back(std::move(page));
  }
  return out;
}

}  // namespace ombre::inline v0::io
