// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/fuzz_input.h"

#include "tests/fuzz/scxml_text.h"
#include "workflows/definition/definition_check.h"
#include "workflows/definition/scxml_reader.h"
#include "workflows/engine/step.h"

using namespace counterfoil;

namespace {

void roundTrip(const WorkflowDefinition& definition)
{
    const QByteArray text = scxmlText(definition);
    const Result<WorkflowDefinition> again = readScxml(text);
    require(again || text.size() > workflowBytesMax, "a workflow that is printed is read");
    require(!again || withoutLines(*again) == withoutLines(definition), "as the same workflow");
}

/// An event that the descriptor matches.
QString eventOf(QString descriptor)
{
    if (descriptor == u"*") {
        return QStringLiteral("anything");
    }
    return descriptor.endsWith(u".*") ? descriptor.chopped(1) + u'x' : descriptor;
}

/// Sends every state everything it has a transition for.
void run(const WorkflowTable& table)
{
    const Facts none;
    const Result<StepResult> first = start(table, none);
    require(first && first->accepted && table.indexOf(first->nextState) == table.initialIndex(), "a workflow starts in its initial state");
    for (std::size_t at = 0; at < table.stateCount(); ++at) {
        const StateDefinition& state = table.stateAt(at);
        for (const QString& descriptor : table.eventsAccepted(state.id)) {
            const QString event = eventOf(descriptor);
            const Result<StepResult> result = step(table, state.id, event, none);
            if (!result) {
                require(result.error().code == ErrorCode::AmountOverflow, "a step fails for a guard's overflow only");
                continue;
            }
            require(table.findState(result->nextState) != nullptr, "a step ends in a state of the workflow");
            require(result->accepted || result->nextState == state.id, "what isn't accepted changes nothing");
            if (result->accepted) {
                const std::size_t taken = result->transition.value();
                require(state.transitions.at(taken).target == result->nextState, "a step goes where its transition points");
                require(table.transitionsAt(at).at(taken).matches(event), "a step takes a transition that matches");
            }
        }
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Result<WorkflowDefinition> definition = readScxml(inputOf(data, size));
    if (!definition) {
        require(definition.error().code == ErrorCode::WorkflowInvalid, "a refused workflow is WorkflowInvalid");
        require(!definition.error().detail.isEmpty(), "a refusal says why");
        return 0;
    }
    require(checkDefinition(*definition).has_value(), "what was read has been checked");
    roundTrip(*definition);
    const Result<WorkflowTable> table = WorkflowTable::compile(std::move(*definition));
    require(table.has_value(), "what was read can be executed");
    run(*table);
    return 0;
}
