// Text as lines of words with what they are, for colours. Loaded when the first text is shown; nothing it gives is markup.
import { createLowlight } from "lowlight";
import apache from "highlight.js/lib/languages/apache";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import makefile from "highlight.js/lib/languages/makefile";
import nginx from "highlight.js/lib/languages/nginx";
import perl from "highlight.js/lib/languages/perl";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

const lowlight = createLowlight({
  apache, bash, c, cpp, css, dockerfile, go, ini, java, javascript, json, makefile, nginx, perl, php, python, ruby, rust, sql, typescript, xml, yaml,
});

/** A piece of a line, and what it is: the first part of a class of highlight.js, or nothing. */
export interface Piece {
  text: string;
  is: string;
}

interface Leaf {
  type: string;
  value?: string;
  properties?: { className?: unknown };
  children?: Leaf[];
}

/** The lines of a text. */
export function highlighted(text: string, language: string): Piece[][] {
  const lines: Piece[][] = [[]];
  const walk = (node: Leaf, is: string): void => {
    if (node.type === "text") {
      const [first = "", ...rest] = (node.value ?? "").split("\n");
      if (first !== "") lines.at(-1)?.push({ text: first, is });
      for (const line of rest) lines.push(line === "" ? [] : [{ text: line, is }]);
      return;
    }
    const names = node.properties?.className;
    const own = Array.isArray(names) ? String(names[0] ?? "").replace(/^hljs-/, "").replace(/_+$/, "") : "";
    for (const child of node.children ?? []) walk(child, own === "" ? is : own);
  };
  walk(lowlight.highlight(language, text) as Leaf, "");
  return lines;
}
