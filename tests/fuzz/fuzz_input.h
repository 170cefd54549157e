// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QList>

#include <cstddef>
#include <cstdint>

/// One input: called by libFuzzer, again and again. A promise that doesn't hold aborts (require() of models/base/error.h).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace counterfoil {

inline QByteArrayView inputOf(const std::uint8_t* data, std::size_t size)
{
    return {data, static_cast<qsizetype>(size)};
}

/// The lines of an input: the last takes all that is left, and `count` are always there. For targets that need several texts.
inline QList<QByteArrayView> inputLines(QByteArrayView input, qsizetype count)
{
    QList<QByteArrayView> lines;
    while (lines.size() + 1 < count) {
        const qsizetype end = input.indexOf('\n');
        lines.append(end < 0 ? input : input.first(end));
        input = end < 0 ? QByteArrayView() : input.sliced(end + 1);
    }
    lines.append(input);
    return lines;
}

} // namespace counterfoil
