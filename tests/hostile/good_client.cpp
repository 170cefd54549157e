// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/good_client.h"

#include "tests/hostile/crowd.h"

#include <QElapsedTimer>

#include <algorithm>
#include <chrono>

namespace counterfoil {

namespace {

constexpr int answerMs = 5000;
constexpr int addressOfGood = 200'000;
constexpr std::chrono::milliseconds pace{20};

} // namespace

GoodClient::GoodClient(quint16 port, std::function<qint64()> memoryKiB)
    : m_thread([this, port, memoryKiB = std::move(memoryKiB)] { run(port, memoryKiB); })
{
}

void GoodClient::run(quint16 port, const std::function<qint64()>& memoryKiB)
{
    auto next = std::chrono::steady_clock::now();
    while (!m_stopping) {
        QElapsedTimer timer;
        timer.start();
        RawClient client(port, addressOfGood);
        client.sendAll("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", answerMs);
        ++m_report.asked;
        if (client.receive(answerMs).startsWith("HTTP/1.1 200 ")) {
            ++m_report.answered;
        }
        m_tookMs.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
        m_report.memoryMaxKiB = std::max(m_report.memoryMaxKiB, memoryKiB());
        next += pace;
        std::this_thread::sleep_until(next);
    }
}

GoodClient::Report GoodClient::stop()
{
    m_stopping = true;
    if (m_thread.joinable()) {
        m_thread.join();
        std::ranges::sort(m_tookMs);
        const auto at = [this](size_t percent) { return m_tookMs.empty() ? 0.0 : m_tookMs.at(std::min(m_tookMs.size() - 1, m_tookMs.size() * percent / 100)); };
        m_report.medianMs = at(50);
        m_report.p99Ms = at(99);
    }
    return m_report;
}

} // namespace counterfoil
