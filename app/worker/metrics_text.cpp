// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/metrics_text.h"

#include <initializer_list>

namespace counterfoil {

namespace {

/// Writes families one after another: HELP, TYPE, and a sample per label value.
class Exposition {
public:
    void counter(const char* name, const char* help, qint64 value) { family(name, help, "counter", QByteArray::number(value)); }
    void gauge(const char* name, const char* help, qint64 value) { family(name, help, "gauge", QByteArray::number(value)); }
    void gauge(const char* name, const char* help, const QByteArray& value) { family(name, help, "gauge", value); }

    struct Sample {
        const char* label;
        qint64 value;
    };
    void counters(const char* name, const char* help, const char* label, std::span<const Sample> samples)
    {
        labelled(name, help, "counter", label, samples);
    }
    void gauges(const char* name, const char* help, const char* label, std::span<const Sample> samples)
    {
        labelled(name, help, "gauge", label, samples);
    }

    QByteArray text;

private:
    void head(const char* name, const char* help, const char* type)
    {
        text += QByteArray("# HELP counterfoil_") + name + ' ' + help + "\n# TYPE counterfoil_" + name + ' ' + type + '\n';
    }
    void family(const char* name, const char* help, const char* type, const QByteArray& value)
    {
        head(name, help, type);
        text += QByteArray("counterfoil_") + name + ' ' + value + '\n';
    }
    void labelled(const char* name, const char* help, const char* type, const char* label, std::span<const Sample> samples)
    {
        head(name, help, type);
        for (const Sample& sample : samples) {
            text += QByteArray("counterfoil_") + name + '{' + label + "=\"" + sample.label + "\"} " + QByteArray::number(sample.value) + '\n';
        }
    }
};

using Samples = std::vector<Exposition::Sample>;

QByteArray secondsOf(UtcTime time)
{
    return QByteArray::number(time.micros() / 1'000'000) + '.' + QByteArray::number(time.micros() % 1'000'000).rightJustified(6, '0');
}

void addWork(Exposition& out, const WorkerStatistics& worker)
{
    out.counter("orders_placed_total", "Orders placed over HTTP.", worker.ordersPlaced);
    out.counter("orders_refused_total", "Orders refused by a rule of the business.", worker.ordersRefused);
    out.counter("jobs_run_total", "Jobs run.", worker.runner.jobsRun);
    out.counter("jobs_failed_total", "Jobs that failed and are tried again.", worker.runner.jobsFailed);
    out.counter("jobs_parked_total", "Jobs parked for a person to decide.", worker.runner.jobsParked);
    out.counter("job_batches_total", "Batches of jobs.", worker.runner.batches);
    out.counter("job_batches_split_total", "Batches whose jobs were run again one by one.", worker.runner.batchesSplit);
    out.counter("commits_failed_total", "Database commits that failed.", worker.commitsFailed);
    out.gauge("database_reachable", "1 if the worker's last use of the database succeeded.", worker.databaseReachable ? 1 : 0);
    out.gauge("last_round_timestamp_seconds", "When the worker's loop last ran, in Unix time.", secondsOf(worker.lastRound));
}

void addGateway(Exposition& out, const WorkerStatistics& worker)
{
    out.counter("gateway_requests_prepared_total", "Gateway requests committed for sending.", worker.runner.requestsPrepared);
    out.counter("gateway_answers_applied_total", "Gateway answers applied.", worker.runner.answersApplied);
    out.counter("gateway_answers_dropped_total", "Gateway answers dropped, because the lease was lost.", worker.runner.answersDropped);
    out.gauge("gateway_requests_in_flight", "Gateway requests under way.", worker.requestsInFlight);
    const Samples outcomes{{"succeeded", worker.requestsByOutcome[0]},
                           {"refused", worker.requestsByOutcome[1]},
                           {"not_sent", worker.requestsByOutcome[2]},
                           {"unknown", worker.requestsByOutcome[3]}};
    out.counters("gateway_requests_total", "Gateway requests by outcome.", "outcome", outcomes);
}

void addStatus(Exposition& out, const SystemStatus& status)
{
    const Samples jobs{{"ready_due", status.queue.readyDue},
                       {"ready_future", status.queue.readyFuture},
                       {"leased", status.queue.leased},
                       {"parked", status.queue.parked}};
    out.gauges("queue_jobs", "Jobs in the queue.", "state", jobs);
    const Samples cases{{"critical", status.criticalCases}, {"other", status.openCases - status.criticalCases}};
    out.gauges("cases_open", "Cases that wait for a person.", "severity", cases);
    out.gauge("database_size_bytes", "Size of the database.", status.databaseBytes);
}

void addHttp(Exposition& out, const HttpStatistics& http)
{
    out.counter("http_connections_total", "Connections accepted.", static_cast<qint64>(http.accepted));
    out.gauge("http_connections_active", "Connections open now.", static_cast<qint64>(http.active));
    out.counter("http_requests_total", "Complete requests received.", static_cast<qint64>(http.requests));
    Samples refused;
    for (int i = 0; i < httpRefusalCount; ++i) {
        const auto refusal = static_cast<HttpRefusal>(i);
        refused.push_back({toString(refusal), static_cast<qint64>(http.refusedFor(refusal))});
    }
    out.counters("http_refused_total", "Connections and requests turned away by the listener.", "reason", refused);
}

} // namespace

QByteArray metricsText(const MetricsInput& input)
{
    Exposition out;
    const Exposition::Sample version{COUNTERFOIL_VERSION, 1};
    out.gauges("build_info", "The version, as a label.", "version", {&version, 1});
    addWork(out, input.worker);
    addGateway(out, input.worker);
    const Samples callbacks{{"stored", input.worker.callbacksStored},
                            {"duplicate", input.worker.callbacksDuplicate},
                            {"refused", input.worker.callbacksRefused + input.refusalsUnrecorded}};
    out.counters("callbacks_total", "Callbacks received, by what became of them.", "result", callbacks);
    if (input.status) {
        addStatus(out, *input.status);
    }
    addHttp(out, input.http);
    return out.text;
}

} // namespace counterfoil
