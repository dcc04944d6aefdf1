// The English catalogue. How it speaks: short sentences, to "you", what can be done before what to
// watch for, no label and no verdict (a test reads every line with check_wording()).
#include <algorithm>
#include <array>

#include "ombre/io/taper_words.hpp"

namespace ombre::inline v0::io {
namespace {

constexpr std::array messages{
    TaperMessage{"accepted.by", "Accepted by {name} on {date}."},
    TaperMessage{"advice.extended_release",
                 "Swallow extended-release tablets and capsules whole: never halve, crush or chew "
                 "them."},
    TaperMessage{
        "advice.liquid",
        "Measure the liquid with an oral syringe, not with a spoon, and read off the volume "
        "twice."},
    TaperMessage{"advice.patch",
                 "Never cut a patch. Take the old one off before you put the new one on."},
    TaperMessage{"advice.split",
                 "Halve or quarter tablets along their line with a tablet splitter. Keep the other "
                 "part for the next dose."},
    TaperMessage{"after.amount", "From {date} on: {amount}, for as long as that is right for you."},
    TaperMessage{"after.waiting",
                 "The next steps have no dates yet. They wait until you and your team say: go on."},
    TaperMessage{"after.zero", "From {date} on you need none of it any more."},
    TaperMessage{"always.any_lower",
                 "Every lower step you reach counts, and you may stay on any of them."},
    TaperMessage{"calendar.arrived", "Arrived"},
    TaperMessage{"calendar.cancelled", "No longer planned"},
    TaperMessage{"calendar.draft", "DRAFT, not accepted yet."},
    TaperMessage{"calendar.first_day_after", "First day after the plan"},
    TaperMessage{"calendar.intake_summary", "Time for step {number}"},
    TaperMessage{"calendar.name", "Steps"},
    TaperMessage{"calendar.private", "The details are in your plan."},
    TaperMessage{"calendar.review_summary", "Time to talk: how is it going?"},
    TaperMessage{"calendar.review_text",
                 "A look at the plan together. You may pause, slow down or go on."},
    TaperMessage{"calendar.step_full", "{substance}: {dose}"},
    TaperMessage{"calendar.step_summary", "Step {number} of {total}"},
    TaperMessage{"calendar.step_summary_open", "Step {number}"},
    TaperMessage{"change.last", "Last change, {date}: {what}"},
    TaperMessage{"change.why", "The reason, as it was noted: \"{why}\""},
    TaperMessage{"contact.default", "your team"},
    TaperMessage{"date", "{day} {month} {year}"},
    TaperMessage{"date.long", "{weekday}, {day} {month} {year}"},
    TaperMessage{"days.one", "{count} day"},
    TaperMessage{"days.other", "{count} days"},
    TaperMessage{"decimal_mark", "."},
    TaperMessage{"dose.every_n_days", "{amount} every {count} days"},
    TaperMessage{"dose.every_second_day", "{amount} every second day"},
    TaperMessage{"dose.none", "none"},
    TaperMessage{"dose.per_day", "{amount} a day"},
    TaperMessage{"dose.per_week", "{amount} in the whole week"},
    TaperMessage{"emergency.heart",
                 "Call emergency services at once for chest pain, fainting or trouble breathing."},
    TaperMessage{"emergency.mind",
                 "If you think of ending your life, or do not feel safe, call a crisis line or "
                 "emergency services, now, at any hour. You are not a burden."},
    TaperMessage{
        "emergency.opioid",
        "Call emergency services at once if somebody cannot be woken, breathes slowly or not "
        "at all, or turns blue or grey. Give naloxone and stay with them."},
    TaperMessage{"emergency.seizure",
                 "Call emergency services at once for a seizure, confusion, or seeing or hearing "
                 "things that are not there."},
    TaperMessage{"emergency.title", "Get help at once"},
    TaperMessage{"figure.description",
                 "{substance} from {from} on {first} to {to} on {last}, in {count} steps."},
    TaperMessage{"figure.dose_axis", "Dose a day ({unit})"},
    TaperMessage{"figure.draft", "Draft, not accepted"},
    TaperMessage{"figure.earlier", "As planned before"},
    TaperMessage{"figure.effect_axis", "Effect, % of the most possible"},
    TaperMessage{"figure.first_step", "first step"},
    TaperMessage{"figure.goal", "arrived"},
    TaperMessage{"figure.half", "half"},
    TaperMessage{"figure.hold", "Stay on the step"},
    TaperMessage{"figure.ideal", "What the rule asks for"},
    TaperMessage{"figure.level_axis", "Level, % of the first"},
    TaperMessage{"figure.level_note",
                 "Half-life {low} to {high} h ({species}); in relation to the start"},
    TaperMessage{"figure.quarter", "1/4"},
    TaperMessage{"figure.realised", "Planned dose"},
    TaperMessage{"figure.review", "Look together"},
    TaperMessage{"figure.three_quarters", "3/4"},
    TaperMessage{"figure.title", "{substance}: the way down"},
    TaperMessage{"figure.waiting", "Waiting, no dates yet"},
    TaperMessage{"figure.week_axis", "Amount in a week ({unit})"},
    TaperMessage{"form.capsule.one", "capsule"},
    TaperMessage{"form.capsule.other", "capsules"},
    TaperMessage{"form.dispersible_tablet.one", "dispersible tablet"},
    TaperMessage{"form.dispersible_tablet.other", "dispersible tablets"},
    TaperMessage{"form.extended_release_capsule.one", "extended-release capsule"},
    TaperMessage{"form.extended_release_capsule.other", "extended-release capsules"},
    TaperMessage{"form.extended_release_tablet.one", "extended-release tablet"},
    TaperMessage{"form.extended_release_tablet.other", "extended-release tablets"},
    TaperMessage{"form.film.one", "film"},
    TaperMessage{"form.film.other", "films"},
    TaperMessage{"form.gum.one", "piece of gum"},
    TaperMessage{"form.gum.other", "pieces of gum"},
    TaperMessage{"form.injection.one", "injection"},
    TaperMessage{"form.injection.other", "injections"},
    TaperMessage{"form.liquid.one", "liquid"},
    TaperMessage{"form.liquid.other", "liquids"},
    TaperMessage{"form.lozenge.one", "lozenge"},
    TaperMessage{"form.lozenge.other", "lozenges"},
    TaperMessage{"form.orodispersible_tablet.one", "orodispersible tablet"},
    TaperMessage{"form.orodispersible_tablet.other", "orodispersible tablets"},
    TaperMessage{"form.patch.one", "patch"},
    TaperMessage{"form.patch.other", "patches"},
    TaperMessage{"form.sublingual_tablet.one", "sublingual tablet"},
    TaperMessage{"form.sublingual_tablet.other", "sublingual tablets"},
    TaperMessage{"form.suppository.one", "suppository"},
    TaperMessage{"form.suppository.other", "suppositories"},
    TaperMessage{"form.tablet.one", "tablet"},
    TaperMessage{"form.tablet.other", "tablets"},
    TaperMessage{"goal.from", "{substance}: you start from {dose}."},
    TaperMessage{"goal.introduce",
                 "{substance}: you do not take it yet. It comes in step by step."},
    TaperMessage{"goal.lower_amount",
                 "You want to come down to {amount} and may stay there. That is a whole goal, not "
                 "half of one."},
    TaperMessage{
        "goal.replaced",
        "{substance} is taken over by {other}, one dose at a time, so that you are not left "
        "without."},
    TaperMessage{"goal.safer_pattern", "You want a safer way of using, at about {amount}."},
    TaperMessage{"goal.undecided", "Where this leads is left open. You can decide on the way."},
    TaperMessage{"goal.words", "In your own words: \"{words}\""},
    TaperMessage{
        "goal.zero",
        "You want to come down to none at all, at a pace that can be changed at any time."},
    TaperMessage{"intake.every_time.one", "each time"},
    TaperMessage{"intake.every_time.other", "{count} times a day, each time"},
    TaperMessage{"intake.numbered", "dose {number}"},
    TaperMessage{"intake.timed", "{label}, {time}"},
    TaperMessage{"list.and", "{first} and {last}"},
    TaperMessage{"milestone.first_step", "Your first step down."},
    TaperMessage{"milestone.goal", "You have arrived where you wanted to go."},
    TaperMessage{"milestone.half", "From here on you take half of what you started with, or less."},
    TaperMessage{"milestone.quarter",
                 "From here on you take a quarter of what you started with, or less."},
    TaperMessage{"milestone.three_quarters", "A quarter of the way is behind you."},
    TaperMessage{
        "missed.opioid_treatment",
        "If you miss {count} days or more, do not go back to the full dose on your own: call "
        "{contact} before the next one. Your body gets unused to it quickly."},
    TaperMessage{"missed.title", "If you miss a dose"},
    TaperMessage{
        "missed.usual",
        "Take the next one at its usual time. Do not take a double dose to make up for it."},
    TaperMessage{"month.1", "January"},
    TaperMessage{"month.10", "October"},
    TaperMessage{"month.11", "November"},
    TaperMessage{"month.12", "December"},
    TaperMessage{"month.2", "February"},
    TaperMessage{"month.3", "March"},
    TaperMessage{"month.4", "April"},
    TaperMessage{"month.5", "May"},
    TaperMessage{"month.6", "June"},
    TaperMessage{"month.7", "July"},
    TaperMessage{"month.8", "August"},
    TaperMessage{"month.9", "September"},
    TaperMessage{"months.one", "{count} month"},
    TaperMessage{"months.other", "{count} months"},
    TaperMessage{
        "more.text",
        "That happens to many people. It does not undo what you reached, and your plan is "
        "still there. It only tells us something: perhaps the step was too big, or something "
        "hard was going on. Talk with {contact}; together you can stay on a step for a while "
        "or begin again from where you are now."},
    TaperMessage{"more.title", "If you take more than the step says"},
    TaperMessage{
        "naloxone.at_hand",
        "You have naloxone. Keep it where others can find it, and show the people around you "
        "how to use it. They are the ones who will give it."},
    TaperMessage{"naloxone.get",
                 "Please get naloxone before the first step: ask {contact} or a pharmacy. Keep it "
                 "where others can find it, and show the people around you how to use it."},
    TaperMessage{"naloxone.title", "Naloxone"},
    TaperMessage{"person.made", "Plan {plan}, version {version}, made on {date}."},
    TaperMessage{"person.passed.one",
                 "{count} step lies behind you. Well done: you are on step {now}."},
    TaperMessage{"person.passed.other",
                 "{count} steps lie behind you. Well done: you are on step {now}."},
    TaperMessage{"person.title", "Your plan for {substance}"},
    TaperMessage{"pharmacy.accepted",
                 "Taper plan {plan}, version {version}. Accepted by {name} on {date}. Supports a "
                 "prescription; it is not one."},
    TaperMessage{
        "pharmacy.draft",
        "DRAFT, NOT ACCEPTED: please do not dispense from this. Taper plan {plan}, version "
        "{version}."},
    TaperMessage{
        "pharmacy.hold",
        "On hold until {date}: the dose stays as in the last step listed; later steps have "
        "no dates."},
    TaperMessage{"pharmacy.made", "Made by {name} on {date}. Amounts are of {substance}."},
    TaperMessage{"pharmacy.naloxone", "Please offer naloxone, and show how it is used."},
    TaperMessage{"pharmacy.no_products", "No products were named for {substance}: amounts only."},
    TaperMessage{"pharmacy.override", "Set aside by {name}: {rule}. Reason: \"{reason}\""},
    TaperMessage{"pharmacy.overrides", "Rules that a clinician set aside"},
    TaperMessage{"pharmacy.period", "{first} to {last}"},
    TaperMessage{
        "pharmacy.rounded",
        "The largest distance of a dispensed dose from the planned curve is {amount} (step "
        "{step})."},
    TaperMessage{
        "pharmacy.split",
        "Contains halves or quarters: please make sure the tablets handed out are scored and "
        "can be halved by this person."},
    TaperMessage{"pharmacy.supply", "What each prescription period needs"},
    TaperMessage{"pharmacy.title", "{substance}: steps"},
    TaperMessage{"pharmacy.watch", "Please note"},
    TaperMessage{"piece.half.one", "half a {form} of {strength}"},
    TaperMessage{"piece.half.other", "{count} half {form} of {strength}"},
    TaperMessage{"piece.half_labelled.one", "half of {label}"},
    TaperMessage{"piece.half_labelled.other", "{count} halves of {label}"},
    TaperMessage{"piece.quarter.one", "a quarter {form} of {strength}"},
    TaperMessage{"piece.quarter.other", "{count} quarter {form} of {strength}"},
    TaperMessage{"piece.quarter_labelled.one", "a quarter of {label}"},
    TaperMessage{"piece.quarter_labelled.other", "{count} quarters of {label}"},
    TaperMessage{"piece.volume", "{volume} of the liquid with {strength} in 1 mL"},
    TaperMessage{"piece.volume_labelled", "{volume} of {label}"},
    TaperMessage{"piece.whole.one", "{count} {form} of {strength}"},
    TaperMessage{"piece.whole.other", "{count} {form} of {strength}"},
    TaperMessage{"piece.whole_labelled.one", "{count} × {label}"},
    TaperMessage{"piece.whole_labelled.other", "{count} × {label}"},
    TaperMessage{"refusal.because", "Why"},
    TaperMessage{"refusal.clinician",
                 "A clinician may set this rule aside, with a reason that is kept."},
    TaperMessage{"refusal.instead", "What you can do now"},
    TaperMessage{"refusal.measured", "found {measured} {unit}, the limit is {limit} {unit}"},
    TaperMessage{"refusal.source", "Source: {source}"},
    TaperMessage{"refusal.title",
                 "This plan was not made as asked, because it could hurt. You did nothing wrong by "
                 "asking."},
    TaperMessage{"review.line", "{date}"},
    TaperMessage{"review.title", "When we look at it together"},
    TaperMessage{"signs.alcohol", "Shaking, sweating, a racing heart, feeling sick, poor sleep."},
    TaperMessage{
        "signs.antidepressant",
        "Dizziness, feelings like small electric shocks, vivid dreams, low or anxious days. "
        "They can begin some days after a step."},
    TaperMessage{"signs.nicotine",
                 "Craving, restlessness, a short temper, poor sleep. Most cravings pass within "
                 "minutes."},
    TaperMessage{"signs.opioid",
                 "Aching, yawning, sweating, a running nose, an upset stomach, poor sleep."},
    TaperMessage{"signs.other",
                 "Poor sleep, low or anxious days, feeling unwell in ways you know."},
    TaperMessage{
        "signs.sedative",
        "Worry, poor sleep, shaking, tense muscles, light and noise that feel too strong."},
    TaperMessage{
        "status.care_goes_on",
        "There are no further steps for now, and your care goes on as before. Next contact: "
        "{date}."},
    TaperMessage{
        "status.draft_own",
        "DRAFT: this plan is not accepted yet. It is yours: change what does not fit, then "
        "say yes to it."},
    TaperMessage{
        "status.draft_prescribed",
        "DRAFT: this plan is not accepted yet. Please keep taking what you take now until a "
        "clinician has gone through it with you."},
    TaperMessage{"status.on_hold",
                 "The plan pauses, as agreed: you stay where you are. We look again on {date}. "
                 "Staying is not going back."},
    TaperMessage{"step.arrive", "{dose}. You have arrived; stay here."},
    TaperMessage{"step.heading", "Step {number}: {first} to {last} ({length})"},
    TaperMessage{"step.heading_one_day", "Step {number}: {first}"},
    TaperMessage{"step.less", "{less} less than before"},
    TaperMessage{"step.more", "{more} more than before"},
    TaperMessage{"step.nothing", "none of it"},
    TaperMessage{"step.stay", "{dose}, the same as before"},
    TaperMessage{"steps.title", "Your steps"},
    TaperMessage{
        "sudden.alcohol",
        "Please do not stop suddenly. When the body is used to alcohol every day, stopping "
        "at once can cause seizures. Going slowly is the safe way."},
    TaperMessage{
        "sudden.antidepressant",
        "Please do not stop all at once: that often feels far worse than small steps. It is "
        "not dangerous for most people, but it need not be."},
    TaperMessage{
        "sudden.opioid",
        "You never have to stop all at once, and nobody should make you. If you feel pushed, "
        "say so."},
    TaperMessage{"sudden.sedative",
                 "Please do not stop all at once, and do not skip days: that can cause seizures. "
                 "Small steps are the safe way."},
    TaperMessage{"sudden.title", "No sudden stop"},
    TaperMessage{"supply.pieces", "{count} × {label}"},
    TaperMessage{"supply.volume", "{volume} of {label}"},
    TaperMessage{"table.accepted", "Taper plan {plan}, version {version}, accepted"},
    TaperMessage{"table.amount", "dose"},
    TaperMessage{"table.change", "change"},
    TaperMessage{"table.date", "date"},
    TaperMessage{"table.days", "days"},
    TaperMessage{"table.draft", "DRAFT of taper plan {plan}, version {version}: not accepted yet"},
    TaperMessage{"table.effect", "effect"},
    TaperMessage{"table.first", "from"},
    TaperMessage{"table.last", "to"},
    TaperMessage{"table.made", "how it is made"},
    TaperMessage{"table.of_first", "of first"},
    TaperMessage{"table.period", "period"},
    TaperMessage{"table.step", "step"},
    TaperMessage{"table.substance", "substance"},
    TaperMessage{"table.supply", "to hand out"},
    TaperMessage{"time", "{hour}:{minute}"},
    TaperMessage{"tolerance.alcohol",
                 "Your body gets used to less. What you drank before may now hit you much harder."},
    TaperMessage{
        "tolerance.opioid",
        "With every step down your tolerance falls, within days to weeks. A dose that used "
        "to be usual may now kill, and half of it is not safe either. If you do use, use far "
        "less, slowly, and not alone."},
    TaperMessage{"tolerance.sedative",
                 "What you used to take may now make you very sleepy. Together with alcohol or "
                 "opioids it can stop your breathing."},
    TaperMessage{"tolerance.title", "Your body is changing"},
    TaperMessage{
        "too_fast.own",
        "Stay where you are for a week or two. Staying is not going back, and you can go on "
        "with smaller or longer steps when you are ready. If it stays hard, talk with "
        "{contact}."},
    TaperMessage{
        "too_fast.prescribed",
        "Stay on the step you are on and tell {contact}. You need no permission to pause. "
        "Staying is not going back, and you can go on with smaller or longer steps when you "
        "are ready. Please do not go back up on your own."},
    TaperMessage{"too_fast.signs", "Signs that a step may be too big: {signs}"},
    TaperMessage{"too_fast.title", "If it is too fast"},
    TaperMessage{"unit.cigarettes.one", "{number} cigarette"},
    TaperMessage{"unit.cigarettes.other", "{number} cigarettes"},
    TaperMessage{"unit.drinks.one", "{number} drink"},
    TaperMessage{"unit.drinks.other", "{number} drinks"},
    TaperMessage{"unit.g.one", "{number} g"},
    TaperMessage{"unit.g.other", "{number} g"},
    TaperMessage{"unit.g_ethanol.one", "{number} g of alcohol"},
    TaperMessage{"unit.g_ethanol.other", "{number} g of alcohol"},
    TaperMessage{"unit.mcg.one", "{number} mcg"},
    TaperMessage{"unit.mcg.other", "{number} mcg"},
    TaperMessage{"unit.mcg_per_h.one", "{number} mcg an hour"},
    TaperMessage{"unit.mcg_per_h.other", "{number} mcg an hour"},
    TaperMessage{"unit.mg.one", "{number} mg"},
    TaperMessage{"unit.mg.other", "{number} mg"},
    TaperMessage{"unit.ml.one", "{number} mL"},
    TaperMessage{"unit.ml.other", "{number} mL"},
    TaperMessage{"unit.money.one", "{number}"},
    TaperMessage{"unit.money.other", "{number}"},
    TaperMessage{"unit.occasions.one", "{number} time"},
    TaperMessage{"unit.occasions.other", "{number} times"},
    TaperMessage{"unit.thc_units.one", "{number} THC unit"},
    TaperMessage{"unit.thc_units.other", "{number} THC units"},
    TaperMessage{"week.spread",
                 "Over the days that could be {days}. How you share it out is up to you, and days "
                 "without are welcome."},
    TaperMessage{"weekday.1", "Monday"},
    TaperMessage{"weekday.2", "Tuesday"},
    TaperMessage{"weekday.3", "Wednesday"},
    TaperMessage{"weekday.4", "Thursday"},
    TaperMessage{"weekday.5", "Friday"},
    TaperMessage{"weekday.6", "Saturday"},
    TaperMessage{"weekday.7", "Sunday"},
    TaperMessage{"weeks.one", "{count} week"},
    TaperMessage{"weeks.other", "{count} weeks"},
    TaperMessage{"what.accept", "the plan was accepted."},
    TaperMessage{"what.change_goal", "the goal was changed."},
    TaperMessage{"what.draft", "the plan was made."},
    TaperMessage{"what.hold", "the plan was paused."},
    TaperMessage{"what.re_anchor", "the plan begins again from where you are."},
    TaperMessage{"what.resume", "the plan goes on."},
    TaperMessage{"what.shift", "the dates were moved."},
    TaperMessage{"what.slow_down", "the plan goes more slowly."},
    TaperMessage{"what.speed_up", "the plan goes a little faster."},
    TaperMessage{"what.step_back", "back to an earlier step."},
    TaperMessage{"what.stop_tapering", "no further steps for now."},
};

static_assert(std::ranges::is_sorted(messages, {}, &TaperMessage::id));

}  // namespace

std::span<const TaperMessage> taper_messages() noexcept { return messages; }

}  // namespace ombre::inline v0::io
